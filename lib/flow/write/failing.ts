import { Observable } from 'rxjs';

/** Work that fails with what a stream failed with, whatever that is. */
export const failing = (error: unknown): Observable<never> => new Observable(subscriber => subscriber.error(error));
