import type { Measure } from '../mailbox/Measure.js';

/**
 * Keeps the context in which an event was sent until it is delivered: the option `context` of a broker. `asyncContext()` of
 * `rx-event-broker/node` makes one.
 * @see node_modules/rx-event-broker/docs/broker/async-context.md
 */
export interface DeliveryContext {
  /** The event of what `hold` gave, and of an event itself. */
  readonly measure: Measure<unknown, unknown>;
  /** An event with the context of the caller. */
  hold(event: unknown): object;
  /** Runs work in the context that `hold` found. */
  runIn(held: unknown, work: () => unknown): unknown;
}
