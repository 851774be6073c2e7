import { WriteStream } from 'node:tty';
import { MultiBar, Presets } from 'cli-progress';
import { defer, distinctUntilChanged, finalize, ignoreElements, map, type Observable, tap } from 'rxjs';
import type { BrokerSnapshot } from 'rx-event-broker';
import { tableHead, tableRow } from './tallyTable.js';

/** Where a program writes: `process.stdout`, or what a spec gives it. */
export interface Screen {
  write(text: string): unknown;
}

/** Bytes done of those that there are. */
export interface Progress {
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface DashboardOptions {
  readonly screen: Screen;
  readonly progress$: Observable<Progress>;
  readonly snapshot: () => BrokerSnapshot;
}

/**
 * Shows, while it is subscribed, how far a replay is and how its subscribers fare: on a terminal a bar and a table that change,
 * elsewhere a line for each quarter. It emits nothing.
 */
export const dashboard = (options: DashboardOptions): Observable<never> => {
  const { screen } = options;
  return (screen instanceof WriteStream ? live(screen, options) : lines(options)).pipe(ignoreElements());
};

const lines = ({ screen, progress$, snapshot }: DashboardOptions): Observable<unknown> =>
  progress$.pipe(
    map(({ bytes, totalBytes }) => Math.floor((4 * bytes) / totalBytes) * 25),
    distinctUntilChanged(),
    tap(percent => {
      const delivered = snapshot().subscribers.map(row => `${row.name} ${row.delivered.toLocaleString('en')}`);
      screen.write(`replayed ${String(percent).padStart(3)} %   delivered: ${delivered.join(', ')}\n`);
    }),
  );

/** A bar of `cli-progress`, and beneath it one more for each line of the table, of which only the text is shown. */
const live = (stream: WriteStream, { progress$, snapshot }: DashboardOptions): Observable<unknown> =>
  defer(() => {
    const bars = new MultiBar(
      {
        stream,
        format: '{bar} {percentage} %  {value} of {total} MiB',
        gracefulExit: false, // it would take Ctrl-C for itself
      },
      Presets.shades_classic,
    );
    const files = bars.create(1, 0);
    bars.create(1, 0, {}, { format: tableHead });
    for (const index of snapshot().subscribers.keys()) {
      bars.create(1, 0, {}, { format: () => tableRow(snapshot().subscribers[index]!) });
    }
    return progress$.pipe(
      tap(({ bytes, totalBytes }) => {
        files.setTotal(mebibytes(totalBytes));
        files.update(mebibytes(bytes));
      }),
      finalize(() => bars.stop()),
    );
  });

const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
