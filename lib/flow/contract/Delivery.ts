import type { Observable, RetryConfig, SchedulerLike } from 'rxjs';
import type { Gap } from './Gap.js';
import type { Gather } from './Gather.js';
import type { KeepLatestBy } from './KeepLatestBy.js';
import type { Work } from '../mailbox/Work.js';
import type { Lanes } from './Lanes.js';
import type { Park } from './Park.js';

/**
 * Which event a full buffer drops: `dropNewest`, the one that arrives, or `dropOldest`, the one that has waited
 * longest.
 */
export type Overflow = 'dropNewest' | 'dropOldest';

/** The options that required and optional deliveries share. */
interface DeliveryBase {
  /** A name for notices, snapshots and errors. Default: `subscriber` and its id, or the name of the operator. */
  readonly name?: string;
  /**
   * While `true`, events are skipped and counted, not queued (promise B5). Starts `false`; if it completes, the last
   * level stays; if it errors, the subscriber fails and is closed.
   */
  readonly skip$?: Observable<boolean>;
  /**
   * While `true`, events are kept in the buffer and not delivered (promise B5): an optional subscriber may then drop, a
   * required one may then pause the source. Starts and ends as `skip$` does.
   */
  readonly hold$?: Observable<boolean>;
  /**
   * Retries a failed delivery, with the same event, before the next one: a count, or RxJS's `RetryConfig` with `delay`
   * in ms (promise B10). Without a `count` it retries forever. Default: no retry.
   */
  readonly retry?: number | RetryConfig;
  /**
   * Milliseconds without progress after which a `Stalled` notice is emitted (promise B15). Default: 10,000 in a broker,
   * never in an operator.
   */
  readonly stallAfter?: number;
  /**
   * Milliseconds that the work of one try may take (promise B15). After that it is unsubscribed, and the try has failed with
   * `DeliveryTimeoutError`; `retry` applies, then `onFailure`. The result of a Promise is then ignored. Default: any time.
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
   * Events pending, including the delivery in flight, at which the source is paused; it is resumed at half of it
   * (promise B12). Default 1024 (at most `maxPending`), at least 1.
   */
  readonly highWaterMark?: number;
  /**
   * Bytes pending, including the delivery in flight, at which the source is paused too (promise B18); it is resumed at half of
   * both marks. At least 1. Needs `sizeOf`. Default: bytes do not count.
   */
  readonly highWaterMarkBytes?: number;
  /**
   * What a delivery that has failed for good does. `stop`, the default: `receive` errors and `send` throws. `continue`:
   * the failure is reported and the next event is delivered (promise B10). `park(parking)`: its events are stored first. A
   * function gets its events and the error first; what it returns is waited for (promise B22).
   * @see node_modules/rx-event-broker/docs/broker/park.md
   */
  readonly onFailure?: 'stop' | 'continue' | Park<E> | ((events: readonly E[], error: unknown) => Work);
  /**
   * Several deliveries at a time, in order for each key: `lanes({ concurrency, by })` (promise B20). Default: one at a time.
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
   * Events that may wait, not counting the delivery in flight. Default 1024; 0 is allowed: then it gets only what comes
   * while it is idle.
   */
  readonly capacity?: number;
  /**
   * Bytes that may wait, not counting the delivery in flight; both bounds hold (promise B18). 0 is allowed. An event that is
   * larger is taken only while it is idle. Needs `sizeOf`. Default: bytes do not count.
   */
  readonly capacityBytes?: number;
  /**
   * Which event is dropped when the buffer is full: `dropNewest`, the default, `dropOldest`, or `keepLatestBy(key)`, which lets
   * only the latest event of each key wait (promise B19).
   */
  readonly overflow?: Overflow | KeepLatestBy<E>;
  /** The scheduler on which its handler runs. Default: none, the handler runs inside `send`. */
  readonly observeOn?: SchedulerLike;
  /** Called with the events that were dropped, before the next delivery, so at the place of the gap (promise B3). */
  readonly missed?: (gap: Missed) => void;
}

/** How a subscriber or an operator is served: required or optional. */
export type Delivery<E> = RequiredDelivery<E> | OptionalDelivery<E>;

/** Pending events past which what cannot be paused ends, and `send` throws (promise B12). */
export const DEFAULT_MAX_PENDING = 65_536;

/** Pending events at which a required subscriber pauses the source, unless it says otherwise (promise B12). */
export const DEFAULT_HIGH_WATER_MARK = 1024;

/** Events that may wait for an optional subscriber, unless it says otherwise (promise B3). */
export const DEFAULT_CAPACITY = 1024;
