import type { SchedulerLike } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { DeliveryContext } from '../flow/contract/DeliveryContext.js';
import type { Replay } from '../flow/contract/Replay.js';

/**
 * Options of `eventBroker`.
 * @see node_modules/rx-event-broker/docs/defaults.md
 */
export interface BrokerOptions<E extends AnyEvent> {
  /** Types that `All` leaves out: only subscribers that name them get them (promise B4). Default: none. */
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
   * The bytes of an event, for subscribers whose bounds are in bytes; called once for each of them, when the event comes.
   * One that throws, or returns no number of 0 or more, fails that delivery (promise B18). Default: none;
   * `highWaterMarkBytes` and `capacityBytes` need one.
   */
  readonly sizeOf?: (event: E) => number;
  /**
   * Keeps the context in which an event is sent until it is delivered: `asyncContext()` of `rx-event-broker/node` (promise I9).
   * Default: none, and an event that waited is delivered in the context that finished the one before it.
   * @see node_modules/rx-event-broker/docs/broker/async-context.md
   */
  readonly context?: DeliveryContext;
  /**
   * What is kept for late subscribers, those with `since`: `replay({ events, bytes, keepLatestBy })` (promise B21). Default:
   * nothing.
   * @see node_modules/rx-event-broker/docs/broker/replay.md
   */
  readonly replay?: Replay<E>;
  /** Times `retry`, `failAfter` and `stallAfter`, nothing else. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}
