import type { Observable, RetryConfig, SchedulerLike } from 'rxjs';
import type { Gap } from './Gap.js';
import type { Gather } from './Gather.js';
import type { KeepLatestBy } from './KeepLatestBy.js';
import type { Work } from '../mailbox/Work.js';
import type { Lanes } from './Lanes.js';
import type { Park } from './Park.js';

/**
 * Which event a full buffer drops: `dropNewest`, the arriving one, or `dropOldest`, the one that has waited longest.
 */
export type Overflow = 'dropNewest' | 'dropOldest';

/** The options that required and optional deliveries share. */
interface DeliveryBase {
  /** A name for notices, snapshots and errors. Default: `subscriber` and its id, or the name of the operator. */
  readonly name?: string;
  /**
   * While `true`, events are skipped and counted, not queued (promise B5). Starts `false`. If it completes, its last level
   * stays; if it errors, the subscriber fails and is closed.
   */
  readonly skip$?: Observable<boolean>;
  /**
   * While `true`, events stay in the buffer and are not delivered (promise B5). When the buffer is full, an optional
   * subscriber drops events, and a required one pauses the source. Starts and ends as `skip$` does.
   */
  readonly hold$?: Observable<boolean>;
  /**
   * Retries a failed delivery before the next event is delivered: a count, or RxJS's `RetryConfig` with `delay` in ms
   * (promise B10). Without a `count` it retries forever. Default: no retry.
   */
  readonly retry?: number | RetryConfig;
  /**
   * Milliseconds without progress after which a `Stalled` notice is emitted (promise B15). Default: 10,000 in a broker,
   * never in an operator.
   */
  readonly stallAfter?: number;
  /**
   * Milliseconds that the work of one attempt may take (promise B15). After that the work is unsubscribed, and the attempt
   * fails with `DeliveryTimeoutError`: `retry` applies, then `onFailure`. A Promise cannot be stopped, so its result is
   * ignored. Default: no limit.
   * @see node_modules/rx-event-broker/docs/asynchronous.md#a-handler-that-takes-too-long
   */
  readonly failAfter?: number;
  /**
   * Gathers events for `nextBatch`: `gather({ maxSize, maxWait })` (promise B23). Default: a delivery is one hand-over.
   */
  readonly gather?: Gather;
}

/**
 * How a required subscriber is served: it receives every event, and a slow one pauses the source.
 * @see node_modules/rx-event-broker/docs/flow-control.md
 */
export interface RequiredDelivery<E = unknown> extends DeliveryBase {
  /** Every event is delivered. There is no default: choose `true` or `false`. */
  readonly required: true;
  /**
   * Pending events, including the delivery in flight, at which the source is paused. It resumes at half of the mark (promise
   * B12). Default 1024 (at most `maxPending`), at least 1.
   */
  readonly highWaterMark?: number;
  /**
   * Pending bytes, including the delivery in flight, at which the source is paused, too (promise B18). It resumes at half of
   * both marks. At least 1. Needs `sizeOf`. Default: no mark in bytes.
   */
  readonly highWaterMarkBytes?: number;
  /**
   * What happens when a delivery has failed for good. `stop`, the default: `receive` errors and `send` throws. `continue`:
   * the failure is reported, and the next event is delivered (promise B10). `park(parking)`: its events are stored before
   * the next delivery. A function gets its events and the error; the next delivery waits for the work that it returns
   * (promise B22).
   * @see node_modules/rx-event-broker/docs/broker/park.md
   */
  readonly onFailure?: 'stop' | 'continue' | Park<E> | ((events: readonly E[], error: unknown) => Work);
  /**
   * Several deliveries in flight, in order within each key: `lanes({ concurrency, by })` (promise B20). Default: one at a
   * time.
   */
  readonly lanes?: Lanes<E>;
}

/**
 * How an optional subscriber is served: it never slows anyone down; events that do not fit are dropped and counted.
 * @see node_modules/rx-event-broker/docs/flow-control.md
 */
export interface OptionalDelivery<E, Missed = Gap<E>> extends DeliveryBase {
  /** Events may be dropped. There is no default: choose `true` or `false`. */
  readonly required: false;
  /**
   * The most events that wait, without the delivery in flight. Default 1024. With 0 it only gets events that arrive while
   * it is idle.
   */
  readonly capacity?: number;
  /**
   * The most bytes that wait, without the delivery in flight, in addition to `capacity` (promise B18). 0 is allowed. A
   * larger event is accepted only while the subscriber is idle. Needs `sizeOf`. Default: no bound in bytes.
   */
  readonly capacityBytes?: number;
  /**
   * Which event a full buffer drops: `dropNewest`, the default, or `dropOldest`. With `keepLatestBy(key)`, only the latest
   * event of each key waits (promise B19).
   */
  readonly overflow?: Overflow | KeepLatestBy<E>;
  /** The scheduler on which its handler runs. Default: none; the handler runs inside `send`. */
  readonly observeOn?: SchedulerLike;
  /** Called with a summary of dropped events before the next delivery: at the place of the gap (promise B3). */
  readonly missed?: (gap: Missed) => void;
}

/** How a subscriber or an operator is served: required or optional. */
export type Delivery<E> = RequiredDelivery<E> | OptionalDelivery<E>;

/** Default `maxPending`: with more pending events, `send` throws, and a source that cannot be paused ends (promise B12). */
export const DEFAULT_MAX_PENDING = 65_536;

/** Default `highWaterMark`, in pending events (promise B12). */
export const DEFAULT_HIGH_WATER_MARK = 1024;

/** Default `capacity`, in events (promise B3). */
export const DEFAULT_CAPACITY = 1024;
