import { concat, defer, finalize, ignoreElements, type Observable } from 'rxjs';
import type { OpenDatabase } from '../store/openDatabase.js';

/** The same stream. However it ends, the database is closed, and the stream completes after that. */
export const usingDatabase = <T>(database: OpenDatabase, source$: Observable<T>): Observable<T> => {
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= database.close());
  return concat(source$, defer(close).pipe(ignoreElements())).pipe(finalize(() => void close()));
};
