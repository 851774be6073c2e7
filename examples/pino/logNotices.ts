import type { Level, Logger } from 'pino';
import {
  exhaustMap,
  finalize,
  ignoreElements,
  endWith,
  takeUntil,
  tap,
  timer,
  type Observable,
  type Subscription,
} from 'rxjs';
import type { Notice } from 'rx-event-broker';

/** How many lines each type of notice may have, within how many ms. */
export interface Bound {
  readonly lines: number;
  readonly within: number;
}

const LEVELS: Partial<Record<Notice['type'], Level>> = {
  Failed: 'error',
  Lost: 'error',
  Dropped: 'warn',
  Stalled: 'warn',
  Saturated: 'warn',
  Full: 'warn',
  AtRisk: 'warn',
  Invalid: 'warn',
  PeerRejected: 'warn',
  Subscribed: 'debug',
  Progress: 'debug',
};

/**
 * Writes each notice as a line. Past the limit, notices are only counted, and one line at the end says how many were left out.
 * No line has an event, because events may be large or secret.
 */
export const logNotices = <E>(
  notices$: Observable<Notice<E>>,
  logger: Logger,
  { lines, within }: Bound,
): Subscription => {
  const seen = new Map<Notice['type'], number>();
  const write = (notice: Notice<E>): void => {
    const { type } = notice;
    const count = (seen.get(type) ?? 0) + 1;
    seen.set(type, count);
    if (count > lines) return;
    const level = LEVELS[type] ?? 'info';
    try {
      logger[level](fieldsOf(notice), type);
    } catch {
      // an error whose message cannot be read, for example: an observer of notices must not throw
      logger[level]({ unreadable: true }, type);
    }
  };
  const writeRest = (): void => {
    for (const [type, count] of seen)
      if (count > lines) logger.warn({ notice: type, count: count - lines }, 'left out');
    seen.clear();
  };
  const ended$ = notices$.pipe(ignoreElements(), endWith('ended'));
  return notices$
    .pipe(
      tap(write),
      // from the first notice on; no timer runs while nothing happens
      exhaustMap(() => timer(within).pipe(takeUntil(ended$))),
      finalize(writeRest),
    )
    .subscribe(writeRest);
};

const fieldsOf = <E>(notice: Notice<E>): object => {
  switch (notice.type) {
    case 'Failed': {
      const { subscriber, events, attempts, error } = notice;
      return { subscriber, events: events.length, attempts, err: error };
    }
    case 'Dropped': {
      const { subscriber, count, reason, open } = notice;
      return { subscriber, count, reason, open };
    }
    case 'Stalled': {
      const { subscriber, waiting, waitsFor, cause } = notice;
      return { subscriber, waiting, waitsFor, cause };
    }
    case 'Closed': {
      const { subscriber, tally, unfinished } = notice;
      return { subscriber, tally, unfinished: unfinished.length };
    }
    case 'Invalid':
    case 'PeerRejected': {
      const { error, ...fields } = notice;
      return { ...fields, err: error };
    }
    default:
      return notice;
  }
};
