import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly url: string;
  /** Connections that were cut. */
  readonly cuts: number;
  close(): void;
}

/** A TCP proxy that cuts each connection after a number of bytes to the server, in the midst of a message. */
export const cuttingProxy = async (port: number, bytes: () => number): Promise<CuttingProxy> => {
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer(client => {
    const upstream = connect(port, '127.0.0.1');
    let left = bytes();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(client);
    client.on('data', (data: Buffer) => {
      if (left > data.length) {
        left -= data.length;
        upstream.write(data);
        return;
      }
      cuts++;
      client.pause();
      upstream.write(data.subarray(0, left), () => upstream.destroy());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as { readonly port: number };
  return {
    url: `nats://127.0.0.1:${own}`,
    get cuts() {
      return cuts;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
