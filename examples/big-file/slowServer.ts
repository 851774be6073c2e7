import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlowServer {
  readonly url: string;
  /** Bytes of all uploads so far. */
  readonly received: () => number;
  readonly close: () => void;
}

/** In ms: what an upload takes besides its transfer. */
const thinkTime = 2;

/** Takes uploads on a free port of this machine, and is slow about it. */
export const slowServer = (): Promise<SlowServer> => {
  let received = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (received += chunk.length));
    request.on('end', () => setTimeout(() => response.end('thanks'), thinkTime));
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}`, received: () => received, close });
    });
  });
};
