import type { Gap } from './Gap.js';
import type { OptionalDelivery, RequiredDelivery } from './Delivery.js';

/**
 * A gap of unknown size: the event after which a late subscriber asked to begin is not kept any more. The subscriber gets
 * everything that is kept. The missed events are in no tally (promise B21).
 * @see node_modules/rx-event-broker/docs/broker/replay.md
 */
export interface Expired {
  /** The events have expired. */
  readonly reason: 'expired';
  /** The number of missed events, if it is known. A broker does not know it. */
  readonly count?: number;
}

/** Begins a replay after one of the kept events. */
export interface After<E> {
  /**
   * Whether this is the event after which to begin. Called with the kept events of the subscriber's types, latest first,
   * until it returns `true`. If it never does, or throws, the subscriber gets everything that is kept, and `missed` is
   * called with `Expired`.
   */
  readonly after: (event: E) => boolean;
}

/** The kept events that a subscriber gets before the ones that are sent. */
interface FromReplay {
  /**
   * Which kept events of its types a subscriber gets first. `replay`: all of them. `{ after }`: those after a certain event
   * (promise B21). Needs the option `replay` of the broker. Default: none, only events that are sent from now on.
   * @see node_modules/rx-event-broker/docs/broker/replay.md
   */
  readonly since?: 'replay';
}

/** The kept events after a certain one. */
interface FromAfter<E> {
  /** The subscriber first gets the kept events after a certain one; needs the option `replay` of the broker (promise B21). */
  readonly since: After<E>;
}

/** How a required subscriber of a broker is served, and which kept events it gets first. */
export type ServedRequired<E> =
  | (RequiredDelivery<E> & FromReplay & { readonly missed?: never })
  | (RequiredDelivery<E> &
      FromAfter<E> & {
        /** Called before the replay if the event after which it should begin is not kept any more. */
        readonly missed?: (gap: Expired) => void;
      });

/** How an optional subscriber of a broker is served, and which kept events it gets first. */
export type ServedOptional<E> =
  (OptionalDelivery<E> & FromReplay) | (OptionalDelivery<E, Gap<E> | Expired> & FromAfter<E>);

/** How a subscriber of a broker is served, and which kept events it gets first. */
export type Served<E> = ServedRequired<E> | ServedOptional<E>;
