import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  readonly url: string;
  /** How often a connection was cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** What becomes of the bytes in one direction. Each number is asked for anew: `cutAfter` for each connection, the others a piece. */
export interface Passage {
  /** The connection is cut after that many bytes, in the midst of a message. Default: never. */
  readonly cutAfter?: () => number;
  /** That many bytes go on at a time. Default: as they come. */
  readonly piece?: () => number;
  /** How long a piece is held back, in ms; those after it wait. Default 0. */
  readonly delay?: () => number;
}

/** A TCP proxy before a port of the loopback, which cuts, delays and splits what goes through it, in order. */
export const tcpProxy = async (
  port: number,
  { toServer = {}, toClient = {} }: { readonly toServer?: Passage; readonly toClient?: Passage },
): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  let cuts = 0;

  const pass = async (from: Socket, to: Socket, { cutAfter, piece, delay }: Passage): Promise<void> => {
    let left = cutAfter?.() ?? Infinity;
    for await (const data of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < data.length;) {
        const size = Math.min(piece?.() ?? Infinity, left, data.length - at);
        const wait = delay?.() ?? 0;
        if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait));
        to.write(data.subarray(at, at + size));
        at += size;
        left -= size;
        if (left > 0) continue;
        cuts++;
        // what was let through arrives
        await new Promise<void>(resolve => to.end(resolve));
        return;
      }
    }
    to.end();
  };

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
    pass(client, upstream, toServer).catch(() => undefined);
    pass(upstream, client, toClient).catch(() => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as { readonly port: number };
  return {
    url: `nats://127.0.0.1:${own}`,
    get cuts() {
      return cuts;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
