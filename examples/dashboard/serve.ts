import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { BrokerClosedError, keepLatestBy, type EventBroker } from 'rx-event-broker';
import { sseSubscriber } from 'rx-event-broker/web';
import type { VegaEvent } from 'rx-event-broker/vega';
import { idOf, priceOf, type SymbolOf } from './prices.js';

/** Long events quickly fill a connection that is read slowly. Real events would need some minutes in a tunnel. */
const PADDING = 'x'.repeat(1_000_000);

/** Prices to a tab, until it leaves or the market ends. `query`: which tab it is, and whether it is slow. */
const subscribeTab = (
  broker: EventBroker<VegaEvent>,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
  symbolOf: SymbolOf,
): void => {
  const isSlow = query.has('slow');
  try {
    broker.subscribe(
      sseSubscriber<VegaEvent, 'MarketData'>(response, {
        name: `${isSlow ? 'slow tab' : 'tab'} ${Number(query.get('tab'))}`,
        types: ['MarketData'],
        request,
        idOf,
        // the current state, for each new or returning client
        since: () => 'replay',
        overflow: keepLatestBy(symbolOf),
        encode: event =>
          JSON.stringify({ ...priceOf(symbolOf(event), event), ...(isSlow ? { padding: PADDING } : {}) }),
        heartbeat: 5000,
        reconnectAfter: 500,
      }),
    );
  } catch (error) {
    if (!(error instanceof BrokerClosedError)) throw error;
    // the market has ended: a browser need not reconnect
    response.writeHead(204).end();
  }
};

/** The records of this process, from its timeline. So everyone who opens the dashboard sees them. `timeline`: its address. */
const passRecords = (timeline: string, response: ServerResponse): void => {
  const upstream = get(`${timeline}records`, records => {
    response.writeHead(records.statusCode ?? 502, { 'content-type': records.headers['content-type'] ?? 'text/plain' });
    records.pipe(response);
  });
  upstream.on('error', () => response.destroy());
  response.on('close', () => upstream.destroy());
};

/** Serves the page, and the prices of `broker` to each tab. Emits its address. Unsubscribing closes the server. */
export const serve = (
  broker: EventBroker<VegaEvent>,
  { folder, timeline, symbolOf }: { readonly folder: string; readonly timeline: string; readonly symbolOf: SymbolOf },
): Observable<string> =>
  new Observable(subscriber => {
    let tabs = 0;
    const files = Promise.all([
      readFile(join(folder, 'index.html'), 'utf8'),
      build({ entryPoints: [join(folder, 'page.ts')], bundle: true, format: 'esm', write: false }),
    ]);
    const sendFile = async (type: string, i: 0 | 1, response: ServerResponse): Promise<void> => {
      const [page, { outputFiles }] = await files;
      response.writeHead(200, { 'content-type': type }).end([page, outputFiles[0]!.text][i]);
    };
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
      const failed = (error: unknown): void => subscriber.error(error);
      if (pathname === '/prices') subscribeTab(broker, searchParams, request, response, symbolOf);
      else if (pathname === '/records') passRecords(timeline, response);
      else if (pathname === '/page.js') sendFile('text/javascript; charset=utf-8', 1, response).catch(failed);
      else if (pathname !== '/') response.writeHead(404).end();
      else if (searchParams.has('tab')) sendFile('text/html; charset=utf-8', 0, response).catch(failed);
      else {
        // a tab keeps its number in its address, so it has the same number after a reload
        const slow = searchParams.has('slow') ? '&slow' : '';
        response.writeHead(302, { location: `/?tab=${++tabs}${slow}`, 'cache-control': 'no-store' }).end();
      }
    });
    server.once('error', error => subscriber.error(error));
    server.listen(0, '127.0.0.1', () => subscriber.next(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    return () => {
      server.close();
      server.closeAllConnections();
    };
  });
