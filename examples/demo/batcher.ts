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
 * Work at the end of something: the orders since the last `TimeUpdate`, in one array.
 *
 * A `stream` is the same subscription as an Observable: subscribing registers, unsubscribing closes. What is done with a batch here
 * is synchronous, so nothing ever waits, and an optional stream drops nothing. Work that takes time belongs into `project`.
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
