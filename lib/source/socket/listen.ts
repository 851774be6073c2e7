import { createServer, type AddressInfo, type Server } from 'node:net';
import { Observable } from 'rxjs';
import { ListenError } from './ListenError.js';
import { streamOptions } from './streamOptions.js';
import type { Wire } from './Wire.js';

/**
 * The connections that are made to a port; never completes, errors with `ListenError`. `released` is called when the
 * port is free again: after the unsubscription, when the connections are gone as well.
 */
export const listen = (
  { host, port }: { readonly host: string; readonly port: number },
  told: { readonly listening: (address: AddressInfo) => void; readonly released: () => void },
): Observable<Wire> =>
  new Observable<Wire>(subscriber => {
    const server: Server = createServer(streamOptions, stream =>
      subscriber.next({ peer: `${stream.remoteAddress ?? 'gone'}:${stream.remotePort ?? 0}`, stream }),
    );
    server.on('error', error => subscriber.error(new ListenError(host, port, error)));
    server.listen({ host, port }, () => told.listening(server.address() as AddressInfo));
    return () => server.close(() => told.released());
  });
