import type { Measure } from '../mailbox/Measure.js';
import type { DeliveryTap } from './DeliveryTap.js';
import type { Notice, Who } from './Notice.js';

/** A consumer that is to be seen. */
export interface Seen<U, E> {
  /** Its name. */
  readonly who: Who;
  /** Whether it is required. */
  readonly required: boolean;
  /** How it is served. */
  readonly delivery: object;
  /** Its types; none: all. */
  readonly types?: readonly unknown[];
  /** Milliseconds without progress after which it is reported. */
  readonly stallAfter: number;
  /** Whether it takes batches. Default `false`. */
  readonly takesBatches?: boolean;
  /** How its units are counted. */
  readonly measure: Measure<U, E>;
  /** Pending events. */
  readonly pending: number;
  /** Whether its backlog is at the mark. */
  readonly saturated: boolean;
  /** Whether it is held. */
  readonly held: boolean;
}

/** Sees what happens in a broker or an operator, while it is inspected. As a `DeliveryTap`, it does nothing but look. */
export interface FlowTap<E> {
  /** A consumer is there from now on: gives what sees its deliveries. */
  consumer<U>(seen: Seen<U, E>): DeliveryTap<U, E>;
  /** The next value has come to an operator. */
  came(): void;
  /** A notice is given. */
  noticed(notice: Notice<E>): void;
  /** Nothing more will happen. */
  closed(): void;
}
