import { createServer, type AddressInfo } from 'node:net';
import { Observable } from 'rxjs';
import { ListenError } from './errors.js';
import { streamOptions, type Connection } from './Connection.js';
import { tcpConnection } from './tcpConnection.js';

/**
 * The connections that are made to a port; never completes, errors with `ListenError`. `told.opening` is given, at the
 * subscription, what resolves when the port is free again: after the unsubscription, when the connections are gone as well.
 */
export const listen = (
  { host, port }: { readonly host: string; readonly port: number },
  told: {
    readonly opening: (closed: Promise<void>) => void;
    readonly listening: (address: AddressInfo) => void;
    /** A connection could not be taken: the process has no file descriptor left, for one. */
    readonly failed: (error: Error) => void;
  },
): Observable<Connection> =>
  new Observable<Connection>(subscriber => {
    let settled = false;
    const server = createServer(streamOptions, stream =>
      subscriber.next(tcpConnection(stream, `${stream.remoteAddress ?? 'gone'}:${stream.remotePort ?? 0}`)),
    );
    const close = () => void server.close();
    // A server that is closed before it listens would listen all the same.
    const settle = () => {
      settled = true;
      if (subscriber.closed) close();
    };
    server
      .on('error', error => {
        if (server.listening) {
          told.failed(error);
          return;
        }
        subscriber.error(new ListenError(host, port, error));
        settle();
      })
      .on('listening', () => {
        settle();
        if (!subscriber.closed) told.listening(server.address() as AddressInfo);
      });
    told.opening(new Promise(resolve => server.once('close', resolve)));
    server.listen({ host, port });
    return () => {
      if (settled) close();
    };
  });
