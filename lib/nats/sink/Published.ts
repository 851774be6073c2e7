import type { Observable } from 'rxjs';
import type { Source } from '../../flow/contract/Source.js';

/**
 * A value that is stored in a stream.
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export interface Published<T> {
  /** The value that the source gave. */
  readonly value: T;
  /** The subject that it was published to. */
  readonly subject: string;
  /** Where it is in the stream; absent if `placeOf` says that it was stored before. */
  readonly sequence: number | undefined;
  /** Whether it was found in the stream: its confirmation was lost, or it was stored before. */
  readonly duplicate: boolean;
}

/**
 * A sink that `jetStreamSink` returns.
 * @see node_modules/rx-event-broker/docs/sinks/jetstream.md
 */
export interface JetStreamSink<T> {
  /**
   * Publishes what a source gives, in order, with a window in flight. Emits each value when it is stored, and settles it
   * (promise K1). Pauses the source while two windows are pending. Completes when the source has completed and all is stored.
   */
  readonly publish: (source: Source<T>) => Observable<Published<T>>;
  /**
   * Publishes values as one window and resolves when the last one is stored: the `nextBatch` of a required subscriber. Rejects
   * with the first error; then some of them may be stored.
   */
  readonly nextBatch: (values: readonly T[]) => Promise<void>;
}
