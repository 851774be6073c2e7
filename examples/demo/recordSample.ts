import { defer, endWith, ignoreElements, map, type Observable } from 'rxjs';
import { fromPull } from 'rx-event-broker';
import { recordToFile } from 'rx-event-broker/node';
import { type MarketOptions, marketRun, type MarketTotals } from '../market/index.js';

/** Runs the market simulator, and writes its events to a file. Emits the simulator's own counts, once. */
export const recordSample = (file: string, options: MarketOptions): Observable<MarketTotals> =>
  defer(() => {
    const run = marketRun(options);
    return fromPull(() => run.messages).pipe(
      recordToFile(file),
      ignoreElements(),
      endWith(undefined),
      map(() => run.totals()),
    );
  });
