import type { AnyEvent } from '../event/AnyEvent.js';
import { seeDocs } from '../event/seeDocs.js';

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
  | 'refreshViews'
  | 'onUpgrade';

/** Where a block failed; `height` is absent where no block was open, `subscriber` where none was at work. */
export interface BlockFailure {
  readonly operation: BlockOperation;
  readonly height?: number;
  readonly subscriber?: string;
  readonly event?: AnyEvent;
}

/**
 * A block could not be stored (promise S7). Its transaction is rolled back, but for `refreshViews` and `onUpgrade`,
 * which come after the commit. `cause` is what the store or the subscriber failed with.
 */
export class BlockFailedError extends Error implements BlockFailure {
  override readonly name = 'BlockFailedError';
  readonly operation: BlockOperation;
  readonly height?: number;
  readonly subscriber?: string;
  readonly event?: AnyEvent;

  constructor(where: BlockFailure, cause: unknown) {
    super(seeDocs('BlockFailedError', `${described(where)}: ${reason(cause)}`), { cause });
    this.operation = where.operation;
    if (where.height !== undefined) this.height = where.height;
    if (where.subscriber !== undefined) this.subscriber = where.subscriber;
    if (where.event !== undefined) this.event = where.event;
  }
}

const described = ({ operation, height, subscriber, event }: BlockFailure): string =>
  [
    height === undefined ? 'block store:' : `block ${String(height)}:`,
    `${operation} failed`,
    ...(event === undefined ? [] : [`on ${named(event)}`]),
    ...(subscriber === undefined ? [] : [`in subscriber "${subscriber}"`]),
  ].join(' ');

/** An event by its type, and its place where it has one. */
const named = (event: AnyEvent): string => {
  const { blockNr, sequence } = event as { readonly blockNr?: unknown; readonly sequence?: unknown };
  return typeof sequence === 'number' && typeof blockNr === 'number'
    ? `${event.type} ${String(blockNr)}-${String(sequence)}`
    : event.type;
};

/** A driver's error may say nothing but in `errors` (several addresses) or in its code. */
const reason = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  const { code, errors } = cause as { readonly code?: unknown; readonly errors?: readonly unknown[] };
  return Array.isArray(errors) ? errors.map(reason).join('; ') : typeof code === 'string' ? code : cause.name;
};
