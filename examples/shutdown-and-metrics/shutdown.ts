import { type Observable, of, timeout } from 'rxjs';
import type { AnyEvent, BrokerSnapshot, EventBroker } from 'rx-event-broker';

/**
 * Accepts nothing more, and gives what waits so many ms to be done; past them the broker is closed, the delivery in hand is cut
 * off, and what waited is dropped: both are counted. Emits the last snapshot.
 */
export const shutdown = <E extends AnyEvent>(broker: EventBroker<E>, within: number): Observable<BrokerSnapshot> =>
  // `timeout` unsubscribes from the drain first, and that closes the broker: so the snapshot is the last one
  broker.drain().pipe(timeout({ first: within, with: () => of(broker.snapshot()) }));
