import { Observable } from 'rxjs';

/** Work that fails with `error`. Unlike in `throwError`, a function is an error too, and is not called. */
export const failing = (error: unknown): Observable<never> => new Observable(subscriber => subscriber.error(error));
