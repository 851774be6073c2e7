import { Observable } from 'rxjs';
import type { Signal } from './contract/Signal.js';

/** Emits when a signal is aborted; at once if it is. Takes back its listener when it is left. */
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
