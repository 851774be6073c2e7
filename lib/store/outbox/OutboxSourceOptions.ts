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
  /** The columns of a row, besides `xid` and `id`, which are always read. */
  readonly columns: readonly Column[];
  /** The table; a dot separates schema and name. Case counts. Default `'outbox'`. */
  readonly table?: string | undefined;
  /** The channel of the NOTIFY that reports new rows. Default: the name of the table. */
  readonly channel?: string | undefined;
  /** How many rows are fetched at a time, and how many are deleted by one statement: 1 to 10,000. Default 100. */
  readonly batchSize?: number | undefined;
  /** The table is looked at after this many ms without a notification, and so is the lock while another reader has it. Default 1000. */
  readonly pollEvery?: number | undefined;
  /** A `Waiting` notice names the transaction that has held rows back for this many ms. Default 10,000; `Infinity`: never. */
  readonly stallAfter?: number | undefined;
  /** `'none'`: rows are deleted when they are handed over, whether or not the consumer processes them. */
  readonly settlement?: 'none' | undefined;
  /** Times `pollEvery` and `stallAfter`. Default `asyncScheduler`. */
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
  stallAfter: milliseconds,
  settlement: choice('none'),
  scheduler,
  notices: observer,
};
