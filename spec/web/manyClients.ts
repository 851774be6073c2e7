import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { WebSocketServer } from 'ws';
import { eventBroker } from '../../lib/index.js';
import { sseSubscriber, webSocketSubscriber } from '../../lib/web.js';

export type Tick = { readonly type: 'Tick' | 'End'; readonly n: number };

/** What is run: `plain` writes each event to the response, as one would without this package. */
export interface ManyClients {
  readonly over: 'sse' | 'ws' | 'plain';
  readonly clients: number;
  /** How many of them do not read until all is sent. */
  readonly stalled: number;
  /** Bytes of each event for a stalled client. */
  readonly stalledBytes: number;
  /** Waits before the event `n`; `false` ends the run. */
  readonly pace: (n: number) => Promise<boolean>;
  /** Called while the stalled do not read, with the bytes that the process holds. */
  readonly measured?: (bytes: number, n: number) => void;
}

export interface ManyClientsResult {
  readonly offered: number;
  /** Each client's, the stalled first. */
  readonly counts: readonly { readonly received: number; readonly missed: number; readonly disorder: number }[];
  /** What the broker has dropped for those that were not stalled. */
  readonly droppedForOthers: number;
  readonly droppedForStalled: number;
}

const held = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const bundled = (folder: string): string => {
  const outfile = join(folder, 'clients.cjs');
  const entryPoints = [join(process.cwd(), 'spec/web/clientsChild.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
  return outfile;
};

/** A server in this process, and its clients in another one. Each client counts what it has received, and what it was told. */
export const manyClients = async (of: ManyClients): Promise<ManyClientsResult> => {
  const broker = eventBroker<Tick>();
  const pad = 'x'.repeat(of.stalledBytes);
  const encode = (event: Tick): string => `{"type":"${event.type}","n":${event.n},"pad":"${pad}"}`;
  const optionsFor = (url = '') => ({
    name: url,
    capacity: 100,
    stalledFor: Infinity,
    ...(url === '/stalled' ? { encode } : {}),
  });
  const plain = (response: ServerResponse, url = ''): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    const dataOf = url === '/stalled' ? encode : JSON.stringify;
    broker.subscribe({
      required: false,
      name: url,
      next: event => void response.write(`event: ${event.type}\ndata: ${dataOf(event)}\n\n`),
    });
  };
  const server = createServer(({ url }, response) => {
    if (of.over === 'plain') plain(response, url);
    else broker.subscribe(sseSubscriber<Tick>(response, optionsFor(url)));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, { url }) => broker.subscribe(webSocketSubscriber<Tick>(socket, optionsFor(url))));
  server.listen(0, '127.0.0.1', 2048);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const folder = mkdtempSync(join(tmpdir(), 'clients-'));
  const child = fork(bundled(folder), { execArgv: [] });
  try {
    const { clients, stalled, over } = of;
    child.send({ port, clients, stalled, over: over === 'ws' ? 'ws' : 'sse' });
    await once(child, 'message');
    const answer = once(child, 'message') as Promise<[{ readonly counts: ManyClientsResult['counts'] }]>;
    let offered = 0;
    while (await of.pace(offered + 1)) {
      broker.send({ type: 'Tick', n: ++offered });
      if (offered % 50 === 0) of.measured?.(held(), offered);
    }
    child.send('resume');
    const isBusy = (): boolean => broker.snapshot().subscribers.some(({ pending }) => pending > 0);
    while (isBusy()) await new Promise(resolve => setTimeout(resolve, 20));
    // everybody is idle, so it has room: what was dropped last is told before it
    broker.send({ type: 'End', n: 0 });
    const [{ counts }] = await answer;
    const dropped = (url: string): number =>
      broker.snapshot().subscribers.reduce((sum, { name, dropped: count }) => sum + (name === url ? count : 0), 0);
    return { offered, counts, droppedForOthers: dropped('/'), droppedForStalled: dropped('/stalled') };
  } finally {
    child.kill();
    broker.close();
    sockets.close();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    rmSync(folder, { recursive: true });
  }
};
