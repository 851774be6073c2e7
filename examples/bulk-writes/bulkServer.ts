import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface BulkServer {
  readonly url: string;
  /** The sizes of the requests that it stored. */
  readonly sizes: readonly number[];
  /** The numbers of the rows, in the order of arrival. */
  readonly stored: readonly number[];
  readonly close: () => void;
}

/** Stores the numbers of a request, one per line. It rejects its second request, as a busy server does. */
export const bulkServer = (): Promise<BulkServer> => {
  const sizes: number[] = [];
  const stored: number[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    void text(request).then(body => {
      requests++;
      if (requests === 2) {
        response.writeHead(503).end();
        return;
      }
      const rows = body.split('\n').map(Number);
      sizes.push(rows.length);
      stored.push(...rows);
      response.end();
    });
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ url: `http://127.0.0.1:${port}`, sizes, stored, close });
    });
  });
};
