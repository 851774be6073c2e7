import { AsyncResource } from 'node:async_hooks';
import type { DeliveryContext } from '../flow/contract/DeliveryContext.js';

/** A waiting event, with the async context of its `send`. */
class Held {
  readonly event: unknown;
  // no destroy hook is needed, and so no hook on its garbage collection
  readonly resource = new AsyncResource('rx-event-broker', { requireManualDestroy: true });

  constructor(event: unknown) {
    this.event = event;
  }
}

const eventOf = (unit: unknown): unknown => (unit instanceof Held ? unit.event : unit);

/**
 * Delivers each event in the async context of its `send` (promise I9). A handler then sees the same `AsyncLocalStorage`
 * values and the same active span of OpenTelemetry. Pass it to a broker as `context`. Without it, an event that waited is
 * delivered in the context in which the previous event finished.
 *
 *     send of request 1   a---------     the handler of a runs in the context of request 1
 *     send of request 2   -b--------     b waits for a, and then runs in the context of request 2
 *
 * A handler of batches runs in the context in which its subscriber was registered. This costs one `AsyncResource` for each
 * event that a mailbox takes.
 *
 * @example
 * ```ts
 * const traced = eventBroker<Price>({ context: asyncContext() });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/async-context.md
 */
export const asyncContext = (): DeliveryContext => ({
  measure: { weigh: () => 1, first: eventOf, last: eventOf, events: unit => [eventOf(unit)] },
  hold: event => new Held(event),
  runIn: (held, work) => (held instanceof Held ? held.resource.runInAsyncScope(work) : work()),
});
