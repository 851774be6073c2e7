// Simulated prices to browser tabs, by Server-Sent Events, and one client that does not read.
// Look at the lines: the slow client holds the latest price of each symbol, and costs nobody else anything.
import { readFile } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Observable } from 'rxjs';
import { eventBroker, keepLatestBy, type EventBroker } from 'rx-event-broker';
import { sseSubscriber } from 'rx-event-broker/web';

export type Price = { readonly type: 'Price'; readonly symbol: string; readonly value: number; readonly id: number };

const symbols = ['BTC', 'ETH', 'SOL'];

/** A market that is as random as it has to be. */
export const priceAt = (id: number): Price => ({
  type: 'Price',
  symbol: symbols[id % symbols.length] ?? '',
  value: 100 + ((id * 7919) % 31),
  id,
});

/** Serves the page and the prices of `broker`; emits its address. Unsubscribing closes the server. */
export const main = (broker: EventBroker<Price>, folder: string): Observable<string> =>
  new Observable(subscriber => {
    const server = createServer((request, response) => {
      if (request.url === '/prices') {
        broker.subscribe(
          sseSubscriber(response, {
            name: request.headers['user-agent'] === 'slow' ? 'slow client' : 'tab',
            request,
            overflow: keepLatestBy((price: Price) => price.symbol),
            idOf: ({ id }) => id,
            // the slow one gets long events, so that its connection is full soon
            ...(request.headers['user-agent'] === 'slow' ? { encode: padded } : {}),
          }),
        );
      } else if (request.url === '/') {
        readFile(join(folder, 'index.html')).then(
          page => response.writeHead(200, { 'content-type': 'text/html' }).end(page),
          (error: unknown) => subscriber.error(error),
        );
      } else response.writeHead(404).end();
    });
    server.once('error', error => subscriber.error(error));
    server.listen(0, '127.0.0.1', () => subscriber.next(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
    return () => {
      server.closeAllConnections();
      server.close();
    };
  });

const padded = (price: Price): string => JSON.stringify({ ...price, padding: 'x'.repeat(1_000_000) });

/** A client that connects, and does not read. Unsubscribing disconnects it. */
export const slowClient = (url: string): Observable<never> =>
  new Observable(subscriber => {
    const request = get(`${url}prices`, { headers: { 'user-agent': 'slow' } }, response => response.pause());
    request.on('error', error => subscriber.error(error));
    return () => {
      request.removeAllListeners('error').on('error', () => undefined);
      request.destroy();
    };
  });

/** What each client has got, as lines. */
export const linesOf = (broker: EventBroker<Price>): readonly string[] =>
  broker
    .snapshot()
    .subscribers.map(
      ({ name, offered, delivered, dropped, pending }) =>
        `${name}: ${offered} offered, ${delivered} sent, ${dropped} superseded, ${pending} waiting`,
    );

/** A broker of prices. */
export const priceBroker = (): EventBroker<Price> => eventBroker<Price>();
