import { Observable, type Subscriber } from 'rxjs';

/** How a stream ended. */
export type End = { readonly kind: 'complete' } | { readonly kind: 'error'; readonly error: unknown };

/** What a stream did, until it is stopped. */
export interface Recording<T> {
  readonly values: T[];
  readonly ends: End[];
  /** The subscriber: RxJS does not pass on what is sent after the end, so it does not show in `values` and `ends`. */
  subscriber: Subscriber<T> | undefined;
  stop: () => void;
}

export const COMPLETED: readonly End[] = [{ kind: 'complete' }];

/** Subscribes; `onValue` is called after a value is recorded, and may stop the recording. */
export const record = <T>(
  result$: Observable<T>,
  onValue: (recording: Recording<T>) => void = () => undefined,
): Recording<T> => {
  const recording: Recording<T> = { values: [], ends: [], subscriber: undefined, stop: () => undefined };
  new Observable<T>(subscriber => {
    recording.subscriber = subscriber;
    // Set before the first value, so that a source that emits inside `subscribe` can be stopped as well.
    recording.stop = () => subscriber.unsubscribe();
    result$.subscribe(subscriber);
  }).subscribe({
    next: value => {
      recording.values.push(value);
      onValue(recording);
    },
    error: (error: unknown) => {
      recording.ends.push({ kind: 'error', error });
    },
    complete: () => {
      recording.ends.push({ kind: 'complete' });
    },
  });
  return recording;
};
