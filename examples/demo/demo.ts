import { fromEvent, map, merge, type Observable, Subject, switchMap, takeUntil, tap } from 'rxjs';
import { join } from 'node:path';
import type { Notice } from 'rx-event-broker';
import { type Progress, type Screen, withDashboard } from '../terminal/dashboard.js';
import { lookOf } from '../terminal/look.js';
import type { DemoOptions } from './readOptions.js';
import { promisesOf } from './promises.js';
import { recordSample } from './recordSample.js';
import { replaySample } from './replaySample.js';
import { report } from './report.js';

const chainId = 'demo';

/** Records, replays, reports. Emits whether every promise was kept, or nothing if it is interrupted. */
export const demo = (
  options: DemoOptions & { readonly directory: string; readonly screen: Screen },
): Observable<boolean> => {
  const { seed, blocks, directory, screen } = options;
  return recordSample(join(directory, 'sample.evt'), { seed, blocks, chainId, firstBlockTwice: true }).pipe(
    tap(({ events }) => {
      screen.write(`recorded ${events.toLocaleString('en')} events of ${blocks.toLocaleString('en')} blocks\n`);
    }),
    switchMap(simulated => {
      const progress$ = new Subject<Progress>();
      const notices = {
        next: (notice: Notice) => {
          if (notice.type === 'Progress') progress$.next(notice);
        },
      };
      const { snapshot, result$ } = replaySample({ directory, chainId, progress$, notices });
      return result$.pipe(
        withDashboard({ screen, progress$, snapshot }),
        map(result => {
          const promises = promisesOf(result, simulated);
          screen.write(report(result, simulated, promises, lookOf(screen)));
          return promises.every(({ kept }) => kept);
        }),
      );
    }),
    takeUntil(merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'))),
  );
};
