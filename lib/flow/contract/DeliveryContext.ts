import type { Measure } from '../mailbox/Measure.js';

/**
 * Keeps the async context of each `send` for the delivery of its event: the option `context` of a broker. `asyncContext()`
 * of `rx-event-broker/node` makes one.
 * @see node_modules/rx-event-broker/docs/broker/async-context.md
 */
export interface DeliveryContext {
  /** Finds the event in a result of `hold`; of a plain event, that event itself. */
  readonly measure: Measure<unknown, unknown>;
  /** Returns the event together with the context of the caller. */
  hold(event: unknown): object;
  /** Runs `work` in the context of `held`, a result of `hold`. */
  runIn(held: unknown, work: () => unknown): unknown;
}
