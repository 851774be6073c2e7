import { isObservable, type Observable } from 'rxjs';
import { ignoreOutcome } from '../mailbox/Work.js';
import { OptionError } from './OptionError.js';
import type { Pausable } from './Pausable.js';
import type { Settlement } from './Settlement.js';

/**
 * A source, as every consumer in this package accepts it: a `Pausable`, or a plain Observable, which cannot be paused.
 * @see node_modules/rx-event-broker/docs/flow-control.md
 */
export type Source<T> = Observable<T> | Pausable<T>;

/** Throws `OptionError` unless `source` is a source. */
export const checkSource = (source: unknown): void => {
  if (isObservable(source) || typeof source === 'function') return;
  throw new OptionError('source', 'an Observable or a function of pause$', source);
};

/**
 * Calls a `Pausable` with `pause$` and `settlement`; returns a plain Observable as it is. Throws `OptionError` if `source`
 * is neither, or if the `Pausable` does not return an Observable.
 */
export const openSource = <T>(
  source: Source<T>,
  pause$: Observable<boolean>,
  settlement: Settlement,
): Observable<T> => {
  checkSource(source);
  if (isObservable(source)) return source;
  const opened$ = source(pause$, settlement);
  if (isObservable(opened$)) return opened$;
  ignoreOutcome(opened$);
  throw new OptionError('source', 'a function of pause$ that returns an Observable', opened$);
};
