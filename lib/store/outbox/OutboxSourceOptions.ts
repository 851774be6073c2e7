import type { NextObserver, SchedulerLike } from 'rxjs';
import type { Notice } from '../../flow/contract/Notice.js';
import {
  choice,
  count,
  milliseconds,
  needed,
  observer,
  scheduler,
  type Check,
  type Checks,
} from '../../flow/contract/options.js';
import { someNames } from '../sql/names.js';

/**
 * Options of `outboxSource`.
 * @see node_modules/rx-event-broker/docs/sources/outbox.md
 */
export interface OutboxSourceOptions<Column extends string = string> {
  /** The columns of a row, besides `id`, which is always read. */
  readonly columns: readonly Column[];
  /** The table; a dot separates schema and name. Case counts. Default `'outbox'`. */
  readonly table?: string | undefined;
  /** The channel of the NOTIFY that reports new rows. Default: the name of the table. */
  readonly channel?: string | undefined;
  /** How many rows are fetched at a time, and how many are deleted by one statement: 1 to 10,000. Default 100. */
  readonly batchSize?: number | undefined;
  /**
   * Milliseconds without a notification after which the table is read. While another reader holds the lock, it is tried
   * again at the same interval. Default 1000.
   */
  readonly pollEvery?: number | undefined;
  /** `'none'`: rows are deleted when they are emitted, whether or not the consumer processes them. */
  readonly settlement?: 'none' | undefined;
  /**
   * When a row is deleted for which the consumer receives nothing: with the next row that reaches it (`'withNext'`, the
   * default), or with the rows before it (`'atOnce'`). Use `'atOnce'` only if the operators in between can only drop rows.
   */
  readonly empty?: 'atOnce' | 'withNext' | undefined;
  /** Times `pollEvery`. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
  /** An observer of `Waiting`, `Failed` and `Released`. */
  readonly notices?: NextObserver<Notice> | undefined;
}

const name: Check = { expected: 'a name', allows: value => typeof value === 'string' && value !== '' };

export const OUTBOX_OPTIONS: Checks = {
  columns: needed(someNames),
  table: name,
  channel: name,
  batchSize: count(1, 10_000),
  pollEvery: milliseconds,
  settlement: choice('none'),
  empty: choice('atOnce', 'withNext'),
  scheduler,
  notices: observer,
};
