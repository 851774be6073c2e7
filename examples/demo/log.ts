import { distinctUntilChanged, map, type Observable } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';
import type { Progress } from '../terminal/dashboard.js';

export interface Log {
  readonly lines: number;
}

/**
 * A log that is switched off for the middle third of the replay: while `skip$` is true, events are skipped and counted.
 *
 * It sets no `types`, so it gets every event but the unlisted ones.
 */
export const subscribeLog = (broker: EventBroker<VegaEvent>, progress$: Observable<Progress>): Log => {
  const log = { lines: 0 };
  const skip$ = progress$.pipe(
    map(({ bytes, totalBytes }) => bytes > totalBytes / 3 && bytes < (2 * totalBytes) / 3),
    distinctUntilChanged(),
  );
  broker.subscribe({
    name: 'log',
    required: true,
    skip$,
    next: () => {
      log.lines++;
    },
  });
  return log;
};
