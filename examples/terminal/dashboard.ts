import { WriteStream } from 'node:tty';
import { MultiBar, Presets } from 'cli-progress';
import {
  defer,
  distinctUntilChanged,
  finalize,
  ignoreElements,
  map,
  merge,
  type MonoTypeOperatorFunction,
  type Observable,
  ReplaySubject,
  takeUntil,
  tap,
} from 'rxjs';
import type { BrokerSnapshot } from 'rx-event-broker';
import { tallyTable } from './tallyTable.js';

/** Where a program writes: `process.stdout`, or the stream of a spec. */
export interface Screen {
  write(text: string): unknown;
}

/** Processed bytes, and total bytes. */
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
 * Shows the progress of a replay and the state of its subscribers: on a terminal as a bar and a table that change,
 * elsewhere as a line for each quarter.
 *
 * The table is removed before the replay emits its result or error, so that later output is not overwritten.
 */
export const withDashboard =
  <T>(options: DashboardOptions): MonoTypeOperatorFunction<T> =>
  replay$ =>
    defer(() => {
      const ended$ = new ReplaySubject<void>(1);
      const end = (): void => ended$.next();
      const { screen } = options;
      const shown$ = screen instanceof WriteStream ? live(screen, options) : lines(options);
      // The table comes second, because it shows the subscribers that exist once the replay is subscribed.
      return merge(
        replay$.pipe(tap({ next: end, error: end, complete: end })),
        shown$.pipe(ignoreElements(), takeUntil(ended$)),
      );
    });

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
        barsize: barSize(stream, ' 100 %  1024.0 of 1024.0 MiB'),
        gracefulExit: false, // otherwise it would handle Ctrl-C
        clearOnComplete: true,
      },
      Presets.shades_classic,
    );
    const files = bars.create(1, 0);
    const line = (index: number): string => tallyTable(snapshot().subscribers, stream.columns)[index] ?? '';
    for (const index of [0, ...snapshot().subscribers.keys()].keys()) {
      bars.create(1, 0, {}, { format: () => line(index) });
    }
    return progress$.pipe(
      tap(({ bytes, totalBytes }) => {
        files.setTotal(mebibytes(totalBytes));
        files.update(mebibytes(bytes));
      }),
      finalize(() => bars.stop()),
    );
  });

/** How long a bar may be on this terminal, next to the longest text that follows it. */
export const barSize = ({ columns }: WriteStream, text: string): number =>
  Math.max(5, Math.min(40, columns - text.length));

const mebibytes = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
