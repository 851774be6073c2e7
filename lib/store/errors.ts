import type { AnyEvent } from '../event/AnyEvent.js';
import { seeDocs } from '../event/seeDocs.js';
import { escaped, isError, shown, shownError } from '../event/shown.js';

/**
 * What was being done when a block failed: an operation of the store, or the work of a subscriber or of `onUpgrade`.
 */
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

/** Where a block failed. */
export interface BlockFailure {
  /** What was being done. */
  readonly operation: BlockOperation;
  /** The height of the block; absent if no block was open. */
  readonly height?: number;
  /** The name of the subscriber at work; absent if none was. */
  readonly subscriber?: string;
  /** The event being processed; the end-block if a flush or a commit failed. */
  readonly event?: AnyEvent;
}

/**
 * A block could not be stored (promise S7). Its transaction was rolled back, except after `refreshViews` and
 * `onUpgrade`, which run after the commit. `cause` is the error of the store or of the subscriber.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#blockfailederror
 */
export class BlockFailedError extends Error implements BlockFailure {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'BlockFailedError';
  /** What was being done. */
  readonly operation: BlockOperation;
  /** The height of the block; absent if no block was open. */
  readonly height?: number;
  /** The name of the subscriber at work; absent if none was. */
  readonly subscriber?: string;
  /** The event being processed; the end-block if a flush or a commit failed. */
  readonly event?: AnyEvent;
  /** What the rollback failed with; absent if it succeeded. */
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
    height === undefined ? 'block store:' : `block ${height}:`,
    `${operation} failed`,
    ...(event === undefined ? [] : [`on ${eventInWords(event)}`]),
    ...(subscriber === undefined ? [] : [`in subscriber "${escaped(subscriber)}"`]),
  ].join(' ');

/** An event in words: its type, and its position if it has one. Never throws, whatever the event is. */
export const eventInWords = (event: unknown): string => {
  try {
    const { type, blockNr, sequence } = event as Readonly<Record<'type' | 'blockNr' | 'sequence', unknown>>;
    const name = typeof type === 'string' ? escaped(type) : shown(type);
    return typeof sequence === 'number' && typeof blockNr === 'number' ? `${name} ${blockNr}-${sequence}` : name;
  } catch {
    return shown(event);
  }
};

/** An error in words. Some drivers' errors have no message, only `errors` (one per address) or a code. Never throws. */
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

/**
 * An event is not allowed here, or a block does not follow the last one stored (promises S1 and S4: no block is
 * skipped).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#blockordererror
 */
export class BlockOrderError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'BlockOrderError';
  /** What is allowed here, such as `a begin-block at height 6`. */
  readonly expected: string;
  /** What was found, such as `a begin-block at height 8`. */
  readonly found: string;
  /** The height of the event that was found. */
  readonly height: number;
  /** The type of the event that was found; absent if `blockSteps` was called without it. */
  readonly type?: string;
  /** The height of the last stored block; absent if nothing is stored. */
  readonly lastHeight?: number;

  constructor(where: {
    readonly expected: string;
    readonly found: string;
    readonly height: number;
    readonly type?: string | undefined;
    readonly lastHeight?: number | undefined;
  }) {
    const last = where.lastHeight === undefined ? 'nothing is stored' : `the last stored is ${where.lastHeight}`;
    super(seeDocs('BlockOrderError', `expected ${where.expected}, found ${where.found}; ${last}`));
    this.expected = where.expected;
    this.found = where.found;
    this.height = where.height;
    if (where.type !== undefined) this.type = where.type;
    if (where.lastHeight !== undefined) this.lastHeight = where.lastHeight;
  }
}

/**
 * Another writer has changed the store: the block was the next one when the progress was read, and no longer is.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#storeconflicterror
 */
export class StoreConflictError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'StoreConflictError';
  /** The height of the block that was to be stored. */
  readonly height: number;

  constructor(height: number) {
    super(
      seeDocs('StoreConflictError', `cannot store the block at height ${height}: another writer has changed the store`),
    );
    this.height = height;
  }
}
