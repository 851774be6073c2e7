import type { Observable } from 'rxjs';

/**
 * Writes a value to a stream. The work completes when the stream has room for the next one.
 * @see node_modules/rx-event-broker/docs/operators/toWritable.md
 */
export interface WritableWork<T> {
  (value: T): Observable<never>;
  /**
   * Ends the stream. Resolves when everything is written; rejects with the error of the stream, or with
   * `StreamClosedError`.
   */
  readonly end: () => Promise<void>;
}
