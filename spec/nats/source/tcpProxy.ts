import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly url: string;
  /** How often a connection was cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

/**
 * A TCP proxy that hands on what the server sends in pieces of a few bytes, some of them later, in order, and cuts each
 * connection after a number of bytes to the client, in the midst of a message.
 */
export const tcpProxy = async (
  port: number,
  { cutAfter, piece, delay }: { cutAfter: () => number; piece: () => number; delay: () => number },
): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer(client => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    let left = cutAfter();
    const handOn = async (): Promise<void> => {
      for await (const data of upstream as AsyncIterable<Buffer>) {
        for (let at = 0; at < data.length;) {
          const size = Math.min(piece(), left, data.length - at);
          const wait = delay();
          if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
          client.write(data.subarray(at, at + size));
          at += size;
          left -= size;
          if (left > 0) continue;
          cuts++;
          client.end();
          return;
        }
      }
    };
    handOn().catch(() => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as { readonly port: number };
  return {
    url: `nats://127.0.0.1:${own}`,
    get cuts() {
      return cuts;
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
};
