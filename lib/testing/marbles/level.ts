import { ReplaySubject, type Observable } from 'rxjs';
import type { MarbleRun } from './MarbleRun.js';

/**
 * A level, such as `skip$`, `hold$` or `pause$`: `t` is true, `f` is false. It runs from the start of the test, and
 * whoever subscribes later gets its present value. Of two things in one instant, the one declared first comes first.
 */
export type Level = (marbles: string, error?: unknown) => Observable<boolean>;

export const levelIn =
  ({ scheduler }: MarbleRun): Level =>
  (marbles, error) => {
    const level$ = new ReplaySubject<boolean>(1);
    scheduler.createHotObservable(marbles, { t: true, f: false }, error).subscribe(level$);
    return level$.asObservable();
  };
