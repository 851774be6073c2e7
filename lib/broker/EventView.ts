import type { Observable } from 'rxjs';
import type { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventOf } from '../event/EventOf.js';
import type { BrokerSubscription } from './BrokerSubscription.js';
import type { LoopOptions, StreamOptions, Subscriber } from './Subscriber.js';

/**
 * The part of a broker for code that only listens, to some of its types: what `broker.only` returns. In it, `All` means
 * these types, at run time too. A view is assignable to another one only if their types are the same.
 *
 * @see node_modules/rx-event-broker/docs/broker/parts.md
 */
export interface EventView<in out E extends AnyEvent> {
  /** The types of the view. A subscriber that names another one is rejected with `OptionError`. */
  readonly types: readonly E['type'][];
  /** Registers a subscriber, as `subscribe` of the broker does. Without `types` it gets the types of the view. */
  readonly subscribe: <const T extends E['type'] | All = All>(subscriber: Subscriber<E, T>) => BrokerSubscription;
  /** The same as a cold Observable, as `stream` of the broker. */
  readonly stream: <const T extends E['type'] | All = All, R = EventOf<E, T>>(
    options: StreamOptions<E, T, R>,
  ) => Observable<R>;
  /** The same as a loop, as `iterate` of the broker. */
  readonly iterate: <const T extends E['type'] | All = All>(options: LoopOptions<E, T>) => AsyncIterable<EventOf<E, T>>;
}
