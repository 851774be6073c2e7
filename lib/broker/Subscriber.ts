import type { ObservableInput } from 'rxjs';
import type { All } from '../event/All.js';
import type { AnyEvent } from '../event/AnyEvent.js';
import type { EventOf } from '../event/EventOf.js';
import type { Projection } from '../flow/contract/Projection.js';
import type { Signal } from '../flow/contract/Signal.js';
import type { Served, ServedOptional, ServedRequired } from '../flow/contract/Served.js';
import type { Work } from '../flow/mailbox/Work.js';

/** Which events a subscriber gets, and until when. */
export interface Registration<T> {
  /**
   * The event types that it gets. A group of types is an array, so spread it. Default: `[All]`, every type but the unlisted
   * ones.
   */
  readonly types?: readonly T[];
  /** Its first value closes the subscription. Completing without a value does not (promise B5). Default: never. */
  readonly closed$?: ObservableInput<unknown>;
  /**
   * Closes the subscription when it is aborted; immediately, if it already is (promise I1). If `closed$` is given, too,
   * the first of the two closes it. Default: none.
   * @see node_modules/rx-event-broker/docs/broker/signals-and-using.md
   */
  readonly signal?: Signal;
  /**
   * Whether events accepted before closing are still delivered. Default `false`: they are dropped and counted (promise
   * B6).
   */
  readonly drainOnClose?: boolean;
}

/**
 * The work of a subscriber: `next` for one event at a time, or `nextBatch` for the events of one hand-over. If the
 * function returns a Promise or an Observable, the next delivery waits for it (promise B2). With `abortable: true` it also
 * gets a signal.
 */
export type Handler<E> = PlainHandler<E> | AbortableHandler<E>;

/** A handler that gets events, and no signal. */
export type PlainHandler<E> = {
  /**
   * Whether the handler gets an `AbortSignal`, for work that a signal can stop, such as `fetch` (promise B15). Default
   * `false`: a signal costs a microsecond for each delivery.
   * @see node_modules/rx-event-broker/docs/asynchronous.md#cancelling
   */
  readonly abortable?: false;
} & (
  | {
      /** The work on one event. A plain function call, inside `send` unless something is in flight. */
      readonly next: (event: E) => Work;
      readonly nextBatch?: never;
    }
  | {
      /** The work on the events of one hand-over, in order: one `send`, or its part of a `sendBatch`. Never empty. */
      readonly nextBatch: (events: readonly E[]) => Work;
      readonly next?: never;
    }
);

/** A handler that also gets a signal, which is aborted when its attempt is cut off. */
export type AbortableHandler<E> = {
  /** The handler gets a signal: it is aborted by `failAfter`, by `unsubscribe` and by `close`. */
  readonly abortable: true;
} & (
  | {
      /** The work on one event, until `signal` is aborted. */
      readonly next: (event: E, signal: Signal) => Work;
      readonly nextBatch?: never;
    }
  | {
      /** The work on the events of one hand-over, until `signal` is aborted. */
      readonly nextBatch: (events: readonly E[], signal: Signal) => Work;
      readonly next?: never;
    }
);

/**
 * What `broker.subscribe` takes. `E`: the events of the broker; `T`: the types that the subscriber asks for.
 * @see node_modules/rx-event-broker/docs/broker/subscribe.md
 */
export type Subscriber<E extends AnyEvent, T = All> = Registration<T> & Served<EventOf<E, T>> & Handler<EventOf<E, T>>;

/**
 * What `broker.stream` takes. A required stream needs `project`: the broker waits for that work, not for what follows
 * downstream.
 * @see node_modules/rx-event-broker/docs/broker/stream.md
 */
export type StreamOptions<E extends AnyEvent, T, R> = Registration<T> &
  (
    | (ServedRequired<EventOf<E, T>> & Projection<EventOf<E, T>, R>)
    | (ServedOptional<EventOf<E, T>> &
        (
          | Projection<EventOf<E, T>, R>
          | {
              /** Not given: the events themselves are emitted. */
              readonly project?: never;
              /** There is no work that could be aborted. */
              readonly abortable?: false;
            }
        ))
  );

/**
 * What `broker.iterate` takes. There is no handler: the body of the loop is the work.
 * @see node_modules/rx-event-broker/docs/broker/iterate.md
 */
export type LoopOptions<E extends AnyEvent, T> = Registration<T> &
  Served<EventOf<E, T>> & {
    /** A loop works on one event at a time. */
    readonly lanes?: never;
  };
