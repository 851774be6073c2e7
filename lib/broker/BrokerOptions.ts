import type { SchedulerLike } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { DeliveryContext } from '../flow/contract/DeliveryContext.js';
import type { Replay } from '../flow/contract/Replay.js';

/**
 * Options of `eventBroker`.
 * @see node_modules/rx-event-broker/docs/defaults.md
 */
export interface BrokerOptions<E extends AnyEvent> {
  /** Types that `All` excludes: only a subscriber that names such a type gets its events (promise B4). Default: none. */
  readonly unlisted?: readonly E['type'][];
  /**
   * How a batch is routed (promise B8). `eachEvent`, the default: each subscriber gets the events it asked for.
   * `firstEvent`: the whole batch goes to the subscribers of its first event's type.
   */
  readonly routeBatchBy?: 'eachEvent' | 'firstEvent';
  /**
   * The most events that any one required mailbox may hold; past that, `send` throws `BacklogFullError` (promise B12).
   * Default 65,536, at least 1.
   */
  readonly maxPending?: number;
  /**
   * Returns the size of an event in bytes. Called when the event arrives, once for each subscriber with a bound in bytes.
   * If it throws, or returns anything but a number of at least 0, that delivery fails (promise B18). Default: none;
   * `highWaterMarkBytes` and `capacityBytes` need it.
   */
  readonly sizeOf?: (event: E) => number;
  /**
   * Delivers each event in the async context of its `send`: `asyncContext()` of `rx-event-broker/node` (promise I9).
   * Default: none; an event that had to wait is delivered in the context that completed the previous delivery.
   * @see node_modules/rx-event-broker/docs/broker/async-context.md
   */
  readonly context?: DeliveryContext;
  /**
   * Keeps events for late subscribers, those with `since`: `replay({ events, bytes, keepLatestBy })` (promise B21).
   * Default: nothing is kept.
   * @see node_modules/rx-event-broker/docs/broker/replay.md
   */
  readonly replay?: Replay<E>;
  /** Times `retry`, `failAfter`, `stallAfter` and `gather`, nothing else. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}
