import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlowServer {
  readonly url: string;
  /** Bytes of all uploads so far. */
  readonly received: () => number;
  readonly close: () => void;
}

/** The time of an upload beside its transfer, in ms. */
const thinkTime = 2;

/** Accepts uploads on a free port of this machine, slowly. */
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
