import type { Subscription } from 'rxjs';

/** A registration. `unsubscribe()` closes it (promise B6); it is closed by itself when `closed$` or the broker says so. */
export interface BrokerSubscription extends Subscription {
  /** From 1; used again for another one once this is closed (promise B7). */
  readonly id: number;
}
