import type { Measure } from '../mailbox/Measure.js';
import type { DeliveryTap } from './DeliveryTap.js';
import type { Notice, Who } from './Notice.js';

/** A consumer that is to be seen. */
export interface Seen<U, E> {
  readonly who: Who;
  readonly required: boolean;
  /** How it is served. */
  readonly delivery: object;
  /** Its types; none: all. */
  readonly types?: readonly unknown[];
  readonly stallAfter: number;
  readonly takesBatches?: boolean;
  readonly measure: Measure<U, E>;
  /** Pending events. */
  readonly pending: number;
  readonly saturated: boolean;
  readonly held: boolean;
}

/** Sees what happens in a broker or an operator, while it is inspected. As a `DeliveryTap`, it does nothing but look. */
export interface FlowTap<E> {
  consumer<U>(seen: Seen<U, E>): DeliveryTap<U, E>;
  /** The next value has come to an operator. */
  came(): void;
  noticed(notice: Notice<E>): void;
  /** Nothing more will happen. */
  closed(): void;
}
