import { isObservable, type Observable } from 'rxjs';
import type { Pausable } from './Pausable.js';

/** What every consumer takes: a source that it can pause, or a plain Observable, which has no brake. */
export type Source<T> = Observable<T> | Pausable<T>;

/** Calls a pausable source with `pause$`; gives a plain one back as it is. */
export const openSource = <T>(source: Source<T>, pause$: Observable<boolean>): Observable<T> =>
  isObservable(source) ? source : source(pause$);
