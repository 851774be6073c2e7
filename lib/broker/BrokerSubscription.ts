import type { Subscription } from 'rxjs';

/**
 * A registered subscriber. `unsubscribe()` closes it (promise B6: what is pending is dropped and counted). It also
 * closes when `closed$` emits or the broker closes.
 * @see node_modules/rx-event-broker/docs/broker/subscribe.md
 */
export interface BrokerSubscription extends Subscription {
  /** Its id, from 1. Reused once this subscription is closed (promise B7). */
  readonly id: number;
}
