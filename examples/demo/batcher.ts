import { type Observable, tap } from 'rxjs';
import { batchUntil, type EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';

export interface Batcher {
  /** Those that a `TimeUpdate` ended. */
  readonly batches: number;
  /** Of all batches; the last one, which completion ends, is the rest. */
  readonly events: number;
  readonly largest: number;
}

/**
 * Work at the end of an interval: the orders since the last `TimeUpdate`, in one array.
 *
 * A `stream` is a subscription as an Observable: subscribing registers, unsubscribing closes. The work here is synchronous, so
 * nothing waits, and the optional stream drops nothing. Slow work belongs in `project`.
 */
export const batcherStream = (
  broker: EventBroker<VegaEvent>,
): { readonly batcher: Batcher; readonly work$: Observable<unknown> } => {
  const batcher = { batches: 0, events: 0, largest: 0 };
  const work$ = broker.stream({ name: 'batcher', required: false, types: ['Order', 'TimeUpdate'] }).pipe(
    batchUntil('TimeUpdate'),
    tap(batch => {
      if (batch.at(-1)?.type === 'TimeUpdate') batcher.batches++;
      batcher.events += batch.length;
      batcher.largest = Math.max(batcher.largest, batch.length);
    }),
  );
  return { batcher, work$ };
};
