import type { Observable } from 'rxjs';
import { using } from 'rxjs';
import type { Wire } from './Wire.js';

/** What `use` makes of a connection; the connection is destroyed when that ends, or is unsubscribed. */
export const owned = <T>(wire: Wire, use: (wire: Wire) => Observable<T>): Observable<T> =>
  using(
    () => {
      wire.stream.on('error', () => {}); // told where it matters; without a listener it would end the process
      return { unsubscribe: () => wire.stream.destroy() };
    },
    () => use(wire),
  );
