// A page that gets prices from its server. Its required ledger saves each one, and its optional ticker pauses while the tab is
// hidden.
// Look at page.ts: the pause is one line. Look at the page: hide its tab for a while, and come back.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { from, Observable, switchMap } from 'rxjs';

/** The page, and page.ts with the library in one file, as a browser takes it. */
const filesOf = async (folder: string): Promise<ReadonlyMap<string, readonly [type: string, text: string]>> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'page.ts')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  return new Map([
    ['/', ['text/html', await readFile(join(folder, 'index.html'), 'utf8')]],
    ['/page.js', ['text/javascript', outputFiles[0]!.text]],
  ]);
};

/** Sends each price to a page, by Server-Sent Events, until the page disconnects. */
const sendPrices = (price$: Observable<number>, response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const subscription = price$.subscribe(price => response.write(`data: ${price}\n\n`));
  response.on('close', () => subscription.unsubscribe());
};

/** Serves the page and emits its local address. Unsubscribing closes the server. */
export const main = (price$: Observable<number>, folder: string): Observable<string> =>
  from(filesOf(folder)).pipe(
    switchMap(
      files =>
        new Observable<string>(subscriber => {
          const server = createServer(({ url = '' }, response) => {
            const [type, text] = files.get(url) ?? [];
            if (url === '/prices') sendPrices(price$, response);
            else if (type === undefined) response.writeHead(404).end();
            else response.writeHead(200, { 'content-type': type }).end(text);
          });
          server.once('error', error => subscriber.error(error));
          server.listen(0, '127.0.0.1', () =>
            subscriber.next(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
          );
          return () => {
            server.close();
            server.closeAllConnections();
          };
        }),
    ),
  );
