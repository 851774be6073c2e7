import type { ObservableInput } from 'rxjs';
import type { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventOf } from '../event/EventOf.js';
import type { Delivery, OptionalDelivery, RequiredDelivery } from '../flow/Delivery.js';
import type { Work } from '../flow/Work.js';

/** Which events, and until when. */
export interface Registration<T> {
  /** Default: `[All]`. A group of types is an array. */
  readonly types?: readonly T[];
  /** Its first value closes the subscription; completing without one never does (promise B5). */
  readonly closed$?: ObservableInput<unknown>;
  /** Deliver what was accepted before closing. Default: drop it, counted (promise B6). */
  readonly drainOnClose?: boolean;
}

/** What is done: with one event, called as a plain function, or with a batch (promise B2). */
export type Handler<E> =
  | { readonly next: (event: E) => Work; readonly nextBatch?: never }
  | { readonly nextBatch: (events: readonly E[]) => Work; readonly next?: never };

/** What `broker.subscribe` takes. `E`: the events of the broker; `T`: the types it asks for. */
export type Subscriber<E extends AnyEvent, T = All> = Registration<T> &
  Delivery<EventOf<E, T>> &
  Handler<EventOf<E, T>>;

/** What `broker.stream` takes. A required stream does its work in `project`: behind it nothing waits for anybody. */
export type StreamOptions<E extends AnyEvent, T, R> = Registration<T> &
  (
    | (RequiredDelivery & { readonly project: (event: EventOf<E, T>) => ObservableInput<R> })
    | (OptionalDelivery<EventOf<E, T>> & { readonly project?: (event: EventOf<E, T>) => ObservableInput<R> })
  );
