import type { AnyEvent } from '../event/AnyEvent.js';
import { seeDocs } from '../event/seeDocs.js';
import { escaped, isError, shown, shownError } from '../event/shown.js';

/** What was being done: an operation of the store, or a subscriber's or the upgrade handler's work. */
export type BlockOperation =
  | 'progress'
  | 'begin'
  | 'add'
  | 'savepoint'
  | 'beginBlock'
  | 'next'
  | 'flush'
  | 'commit'
  | 'rollback'
  | 'refreshViews'
  | 'onUpgrade';

/**
 * Where a block failed; `height` is absent where no block was open, `subscriber` where none was at work. `event` is the
 * one at hand: the end-block, where a flush or a commit failed.
 */
export interface BlockFailure {
  readonly operation: BlockOperation;
  readonly height?: number;
  readonly subscriber?: string;
  readonly event?: AnyEvent;
}

/**
 * A block could not be stored (promise S7). Its transaction is rolled back, but for `refreshViews` and `onUpgrade`,
 * which come after the commit. `cause` is what the store or the subscriber failed with; `rollback` is what the rollback
 * failed with, if that failed too.
 */
export class BlockFailedError extends Error implements BlockFailure {
  override readonly name = 'BlockFailedError';
  readonly operation: BlockOperation;
  readonly height?: number;
  readonly subscriber?: string;
  readonly event?: AnyEvent;
  readonly rollback?: unknown;

  constructor(where: BlockFailure, cause: unknown, failedRollback?: { readonly cause: unknown }) {
    const too = failedRollback === undefined ? '' : `; the rollback failed too: ${reason(failedRollback.cause)}`;
    super(seeDocs('BlockFailedError', `${described(where)}: ${reason(cause)}${too}`), { cause });
    this.operation = where.operation;
    if (where.height !== undefined) this.height = where.height;
    if (where.subscriber !== undefined) this.subscriber = where.subscriber;
    if (where.event !== undefined) this.event = where.event;
    if (failedRollback !== undefined) this.rollback = failedRollback.cause;
  }
}

const described = ({ operation, height, subscriber, event }: BlockFailure): string =>
  [
    height === undefined ? 'block store:' : `block ${String(height)}:`,
    `${operation} failed`,
    ...(event === undefined ? [] : [`on ${eventInWords(event)}`]),
    ...(subscriber === undefined ? [] : [`in subscriber "${escaped(subscriber)}"`]),
  ].join(' ');

/** An event by its type, and its place where it has one. Never throws, whatever the event is. */
export const eventInWords = (event: unknown): string => {
  try {
    const { type, blockNr, sequence } = event as Readonly<Record<'type' | 'blockNr' | 'sequence', unknown>>;
    const name = typeof type === 'string' ? escaped(type) : shown(type);
    return typeof sequence === 'number' && typeof blockNr === 'number'
      ? `${name} ${String(blockNr)}-${String(sequence)}`
      : name;
  } catch {
    return shown(event);
  }
};

/** A driver's error may say nothing but in `errors` (several addresses) or in its code. Never throws. */
const reason = (cause: unknown): string => {
  try {
    if (!isError(cause)) return shown(cause);
    const { message, code, errors } = cause as Readonly<Record<'message' | 'code' | 'errors', unknown>>;
    if (typeof message === 'string' && message !== '') return escaped(message);
    if (Array.isArray(errors)) return errors.map(reason).join('; ');
    return typeof code === 'string' ? escaped(code) : shownError(cause);
  } catch {
    return shownError(cause);
  }
};
