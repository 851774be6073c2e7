import type { SchedulerLike } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';

/** Options of `eventBroker`. */
export interface BrokerOptions<E extends AnyEvent> {
  /** Types that `All` leaves out: they reach only who names them (promise B4). Default: none. */
  readonly unlisted?: readonly E['type'][];
  /**
   * Default `eachEvent`: of a batch everybody gets just the events it asked for. `firstEvent`: the whole batch goes to
   * whoever asked for its first event's type (promise B8).
   */
  readonly routeBatchBy?: 'eachEvent' | 'firstEvent';
  /** Events in any one required mailbox past which `send` throws (promise B12). Default 65,536. */
  readonly maxPending?: number;
  /** For `retry`, `stallAfter` and nothing else. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}
