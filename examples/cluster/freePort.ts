import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux and macOS use for outgoing connections, so no client can take a port that is free now. */
const FIRST = 15_000;
const LAST = 32_000;

/**
 * A port of the loopback for a server that is started by its number, and may be started there again.
 * A port that the system picks (`listen(0)`) may be used by an outgoing connection a moment later.
 */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const server = createServer();
    const isFree = await new Promise<boolean>(resolve => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
};
