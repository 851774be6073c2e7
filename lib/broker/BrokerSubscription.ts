import type { Subscription } from 'rxjs';
import type { Disposal } from '../flow/contract/Disposal.js';

/**
 * A registered subscriber. `unsubscribe()` closes it (promise B6: what is pending is dropped and counted), and so does the
 * end of a block with `using`. It also closes when `closed$` emits, when `signal` is aborted, or when the broker closes.
 * @see node_modules/rx-event-broker/docs/broker/subscribe.md
 */
export interface BrokerSubscription extends Subscription, Disposal<'dispose', () => void> {
  /** Its id, from 1. Reused once this subscription is closed (promise B7). */
  readonly id: number;
}
