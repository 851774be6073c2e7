import { tap, using, type Observable } from 'rxjs';
import type { Wire } from './Wire.js';

/**
 * What `use` makes of a connection; the connection is closed when that ends, or is unsubscribed. Where it ends with an
 * error the connection is reset: so the peer knows that what it has sent may not have been taken.
 */
export const owned = <T>(wire: Wire, use: (wire: Wire) => Observable<T>): Observable<T> =>
  using(
    () => {
      wire.stream.on('error', () => {}); // told where it matters; without a listener it would end the process
      return { unsubscribe: () => wire.stream.destroy() };
    },
    () => use(wire).pipe(tap({ error: () => wire.reset() })),
  );
