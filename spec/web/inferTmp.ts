import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { eventBroker, keepLatestBy } from 'rx-event-broker';
import { sseSubscriber, webSocketSubscriber, sseResponse } from 'rx-event-broker/web';
type Price = { readonly type: 'Price'; readonly symbol: string; readonly blockNr: number };
type Halt = { readonly type: 'Halt' };
const broker = eventBroker<Price | Halt>();
createServer((request, response) => {
  broker.subscribe(
    sseSubscriber(response, {
      request,
      types: ['Price'],
      overflow: keepLatestBy((e: Price) => e.symbol),
      capacity: 500,
      idOf: e => `${e.blockNr}`,
      stalledFor: 30_000,
    }),
  );
  broker.subscribe(sseSubscriber(response));
  broker.subscribe(sseSubscriber(response, { encode: e => e.type }));
});
new WebSocketServer({ port: 1 }).on('connection', socket => {
  broker.subscribe(webSocketSubscriber(socket, { types: ['Price'], encode: e => e.symbol }));
});
export const handle = (request: Request) => {
  const response = sseResponse();
  broker.subscribe(sseSubscriber(response, { request, types: ['Price'] }));
  // @ts-expect-error
  broker.subscribe(sseSubscriber(response, { types: ['Prices'] }));
  return response satisfies Response;
};
