import { Observable } from 'rxjs';
import type { Signal } from './contract/Signal.js';

/** Emits when a signal is aborted, or immediately if it is aborted already. Unsubscribing removes its listener. */
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
