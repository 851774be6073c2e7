import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Playground</title><link rel="icon" href="data:,"><body style="margin:0"><h1>Playground</h1>
<rx-playground theme="light"></rx-playground><script type="module" src="play/playground.js"></script>`;

/** The playground as the site has it, without the site: its files, and a page that loads them. */
export interface Served {
  readonly url: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** What was asked for, and with which method. */
  readonly requests: readonly string[];
  readonly close: () => Promise<void>;
}

export const servePlayground = async (): Promise<Served> => {
  const folder = mkdtempSync(join(tmpdir(), 'playground-'));
  execFileSync(process.execPath, [resolve('docs/build/playground.mjs'), folder]);
  const files = new Map(readdirSync(folder).map(name => [name, readFileSync(join(folder, name))]));
  rmSync(folder, { recursive: true });
  const requests: string[] = [];
  const server = createServer(({ method = '', url = '/' }, response) => {
    requests.push(`${method} ${url}`);
    const file = files.get(url.replace('/play/', ''));
    if (url === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    else if (file === undefined) response.writeHead(404).end();
    else {
      const type = url.endsWith('.js') ? 'text/javascript' : 'application/json';
      response.writeHead(200, { 'content-type': type }).end(file);
    }
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    files,
    requests,
    close: () =>
      new Promise(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
};
