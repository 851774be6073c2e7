import { createServer, type AddressInfo } from 'node:net';
import { Observable } from 'rxjs';
import { ListenError } from './errors.js';
import { streamOptions, type Connection } from './Connection.js';
import { tcpConnection } from './tcpConnection.js';

/**
 * Listens on a port and emits each connection. Never completes; errors with `ListenError`.
 *
 * On subscription, `on.opening` gets a Promise that resolves when the port is free again. That is after unsubscription,
 * once all connections are closed.
 */
export const listen = (
  { host, port }: { readonly host: string; readonly port: number },
  on: {
    readonly opening: (closed: Promise<void>) => void;
    readonly listening: (address: AddressInfo) => void;
    /** A connection could not be accepted, for example because the process has no file descriptor left. */
    readonly failed: (error: Error) => void;
  },
): Observable<Connection> =>
  new Observable<Connection>(subscriber => {
    let isSettled = false;
    const server = createServer(streamOptions, stream =>
      subscriber.next(tcpConnection(stream, `${stream.remoteAddress ?? 'gone'}:${stream.remotePort ?? 0}`)),
    );
    const close = () => void server.close();
    // Closing a server before it listens has no effect: it would still start to listen.
    const settle = () => {
      isSettled = true;
      if (subscriber.closed) close();
    };
    server
      .on('error', error => {
        if (server.listening) {
          on.failed(error);
          return;
        }
        subscriber.error(new ListenError(host, port, error));
        settle();
      })
      .on('listening', () => {
        settle();
        if (!subscriber.closed) on.listening(server.address() as AddressInfo);
      });
    on.opening(new Promise(resolve => server.once('close', resolve)));
    server.listen({ host, port });
    return () => {
      if (isSettled) close();
    };
  });
