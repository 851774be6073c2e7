import { isObservable, type Observable } from 'rxjs';
import { OptionError } from './OptionError.js';
import type { Pausable } from './Pausable.js';

/** What every consumer takes: a source that it can pause, or a plain Observable, which has no brake. */
export type Source<T> = Observable<T> | Pausable<T>;

/** Calls a pausable source with `pause$`; gives a plain one back as it is. Throws `OptionError` where it is neither. */
export const openSource = <T>(source: Source<T>, pause$: Observable<boolean>): Observable<T> => {
  if (isObservable(source)) return source;
  if (typeof source === 'function') return source(pause$);
  throw new OptionError('source', 'an Observable or a function of pause$', source);
};
