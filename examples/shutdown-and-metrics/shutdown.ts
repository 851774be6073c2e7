import { type Observable, of, timeout } from 'rxjs';
import type { AnyEvent, BrokerSnapshot, EventBroker } from 'rx-event-broker';

/**
 * Accepts no more events, and gives the backlog that many ms to finish. After that the broker is closed: the delivery in flight
 * is cancelled, the waiting events are dropped, and both are counted. Emits the last snapshot.
 */
export const shutdown = <E extends AnyEvent>(broker: EventBroker<E>, within: number): Observable<BrokerSnapshot> =>
  // `timeout` first unsubscribes from the drain, which closes the broker, so the snapshot is the last one
  broker.drain().pipe(timeout({ first: within, with: () => of(broker.snapshot()) }));
