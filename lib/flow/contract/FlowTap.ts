import type { Measure } from '../mailbox/Measure.js';
import type { DeliveryTap } from './DeliveryTap.js';
import type { Notice, Who } from './Notice.js';

/** A consumer that is inspected from now on. */
export interface Seen<U, E> {
  /** Its name. */
  readonly who: Who;
  /** Whether it is required. */
  readonly required: boolean;
  /** Its delivery options. */
  readonly delivery: object;
  /** Its types; if absent or empty, all. */
  readonly types?: readonly unknown[];
  /** Milliseconds without progress after which it is reported as stalled. */
  readonly stallAfter: number;
  /** Whether it takes batches. Default `false`. */
  readonly takesBatches?: boolean;
  /** How its units are counted. */
  readonly measure: Measure<U, E>;
  /** Pending events. */
  readonly pending: number;
  /** Whether its backlog is at the high-water mark. */
  readonly saturated: boolean;
  /** Whether `hold$` is `true`. */
  readonly held: boolean;
}

/** Records what happens in a broker or an operator, while it is inspected. Its methods must not throw or call back. */
export interface FlowTap<E> {
  /** A consumer is inspected from now on. Returns the tap of its deliveries. */
  consumer<U>(seen: Seen<U, E>): DeliveryTap<U, E>;
  /** An operator has received the next value. */
  came(): void;
  /** A notice is about to be emitted. */
  noticed(notice: Notice<E>): void;
  /** Nothing more will happen. */
  closed(): void;
}
