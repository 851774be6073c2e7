import { ReplaySubject, type Observable } from 'rxjs';
import { parseRow } from './parseRow.js';
import type { MarbleRun } from './MarbleRun.js';
import { emit, type TestMessage, errorIn, withError } from './TestMessage.js';

/**
 * Creates a level, such as `skip$`, `hold$` or `pause$`: `t` is `true`, `f` is `false`. It runs from the start of the
 * test, and a later subscriber gets the current value. At each instant, the level changes before anything declared after it runs.
 */
export type Level = (marbles: string, error?: unknown) => Observable<boolean>;

export const levelIn =
  (run: MarbleRun): Level =>
  (...args: [marbles: string, error?: unknown]) =>
    timelineIn(run)(withError(parseRow(args[0], isHigh).expected, errorIn(args, 1)));

const isHigh = (sign: string): boolean => {
  if (sign === 't' || sign === 'f') return sign === 't';
  throw new TypeError(`level: expected t or f, found ${sign}`);
};

/** A stream that runs from the start of the test, like `hot`, but is scheduled immediately and replays its last value. */
export const timelineIn =
  ({ scheduler }: MarbleRun) =>
  <T>(messages: readonly TestMessage<T>[]): Observable<T> => {
    const timeline$ = new ReplaySubject<T>(1);
    for (const { frame, notification } of messages) scheduler.schedule(() => emit(notification, timeline$), frame);
    return timeline$.asObservable();
  };
