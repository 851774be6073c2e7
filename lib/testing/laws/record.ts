import { Observable, type Subscriber } from 'rxjs';

/** How a stream ended. */
export type End = { readonly kind: 'complete' } | { readonly kind: 'error'; readonly error: unknown };

/** What a stream has emitted so far. */
export interface Recording<T> {
  readonly values: T[];
  readonly ends: End[];
  /** The subscriber. It identifies notifications after the end, which RxJS keeps out of `values` and `ends`. */
  subscriber: Subscriber<T> | undefined;
  stop: () => void;
}

export const COMPLETED: readonly End[] = [{ kind: 'complete' }];

/** Subscribes and records. `onValue` is called after each recorded value, and may stop the recording. */
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
