import type { Gap } from './Gap.js';
import type { OptionalDelivery, RequiredDelivery } from './Delivery.js';

/**
 * Events that a subscriber wanted, and that are not kept any more: the event after which it asked to go on was not found. It
 * then gets everything that is kept. How many it missed is not known, and no tally counts them (promise B21).
 * @see node_modules/rx-event-broker/docs/broker/replay.md
 */
export interface Expired {
  /** The events have expired. */
  readonly reason: 'expired';
  /** How many they are, if that is known. A broker does not know. */
  readonly count?: number;
}

/** Goes on after an event. */
export interface After<E> {
  /**
   * Whether this is the event after which to begin. Called with the kept events of the subscriber's types, the latest first,
   * until it returns `true`. If it never does, or throws, the subscriber gets everything that is kept, and is told: `missed` gets
   * `Expired`.
   */
  readonly after: (event: E) => boolean;
}

/** What a subscriber gets of the events that the broker has kept, before those that are sent. */
interface FromReplay {
  /**
   * `replay`: first everything that the broker has kept of its types. `{ after }`: what was kept after an event (promise B21).
   * Needs `replay` in the broker. Default: it gets the events that are sent from now on.
   * @see node_modules/rx-event-broker/docs/broker/replay.md
   */
  readonly since?: 'replay';
}

/** What it gets of them after one of them. */
interface FromAfter<E> {
  /** What was kept after an event; needs `replay` in the broker (promise B21). */
  readonly since: After<E>;
}

/** A required subscriber of a broker, and with which events it begins. */
export type ServedRequired<E> =
  | (RequiredDelivery<E> & FromReplay & { readonly missed?: never })
  | (RequiredDelivery<E> &
      FromAfter<E> & {
        /** Called first if the events after which it asked are not kept any more. */
        readonly missed?: (gap: Expired) => void;
      });

/** An optional subscriber of a broker, and with which events it begins. */
export type ServedOptional<E> =
  (OptionalDelivery<E> & FromReplay) | (OptionalDelivery<E, Gap<E> | Expired> & FromAfter<E>);

/** How a subscriber of a broker is served, and with which events it begins. */
export type Served<E> = ServedRequired<E> | ServedOptional<E>;
