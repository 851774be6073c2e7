import { Observable } from 'rxjs';
import type { Signal } from './contract/Signal.js';

/** Emits when a signal is aborted; immediately, if it already is. Unsubscribing removes the listener. */
export const abortOf = (signal: Signal): Observable<void> =>
  new Observable(subscriber => {
    const onAbort = (): void => subscriber.next();
    if (signal.aborted) {
      onAbort();
      return;
    }
    subscriber.add(() => signal.removeEventListener('abort', onAbort));
    signal.addEventListener('abort', onAbort);
  });
