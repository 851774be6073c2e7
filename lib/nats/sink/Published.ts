import type { Observable } from 'rxjs';
import type { Source } from '../../flow/contract/Source.js';

/**
 * A value that is stored in a stream.
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export interface Published<T> {
  /** The value from the source. */
  readonly value: T;
  /** The subject that it was published to. */
  readonly subject: string;
  /** The sequence in the stream. `undefined` if the value was not sent, because its place was already stored. */
  readonly sequence: number | undefined;
  /** Whether the value was already in the stream: its confirmation was lost, or it was stored earlier. */
  readonly duplicate: boolean;
}

/**
 * The sink that `jetStreamSink` returns.
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export interface JetStreamSink<T> {
  /**
   * Publishes the values of a source in order, with a window in flight. Each value is settled and emitted when it is stored
   * (promise K1: what is settled). Pauses the source while two windows are pending. Completes when the source
   * has completed and all values are stored.
   */
  readonly publish: (source: Source<T>) => Observable<Published<T>>;
  /**
   * Publishes a batch and resolves when all its values are stored. Pass it as `nextBatch` to a required subscriber. Rejects with
   * the first error. In that case some of the values may be stored.
   */
  readonly nextBatch: (values: readonly T[]) => Promise<void>;
}
