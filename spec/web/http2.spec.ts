import { once } from 'node:events';
import { connect, constants, createServer, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { connect as connectSocket, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { firstValueFrom } from 'rxjs';
import { eventBroker, ofType } from 'rx-event-broker';
import { sseSubscriber } from 'rx-event-broker/web';

type Price = { readonly type: 'Price'; readonly text: string };
interface Client {
  readonly stream: ClientHttp2Stream;
  readonly session: ClientHttp2Session;
  readonly socket: Socket;
}

const WAYS: readonly (readonly [string, (client: Client) => void])[] = [
  ['destroys its stream', ({ stream }) => stream.destroy()],
  ['closes its stream', ({ stream }) => stream.close()],
  ['cancels its stream', ({ stream }) => stream.close(constants.NGHTTP2_CANCEL)],
  ['destroys its session', ({ session }) => session.destroy()],
  ['loses its connection', ({ socket }) => socket.destroy()],
];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A real server, and a client that has sent its request. */
const connected = async (serve: (request: Http2ServerRequest, response: Http2ServerResponse) => void) => {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connectSocket(port, '127.0.0.1');
  const session = connect(`http://127.0.0.1:${port}`, { createConnection: () => socket });
  const stream = session.request({ ':path': '/' });
  for (const emitter of [socket, session, stream]) emitter.on('error', () => undefined);
  closing.push(() => {
    session.destroy();
    return new Promise(resolve => server.close(resolve));
  });
  return { stream, session, socket };
};

describe('W1e a client over HTTP/2 that disconnects closes its subscriber', () => {
  describe.each([
    ['reads', ''],
    ['does not read', 'x'.repeat(100_000)],
  ])('one that %s', (_, text) => {
    test.each(WAYS)('and %s', async (_way, leave) => {
      const broker = eventBroker<Price>();
      const responses: Http2ServerResponse[] = [];
      const client = await connected((_request, response) => {
        responses.push(response);
        broker.subscribe(sseSubscriber(response, { capacity: 2 }));
      });
      await once(client.stream, 'response');
      if (text === '') client.stream.resume();
      for (let n = 1; n <= 5; n++) broker.send({ type: 'Price', text });
      const gone = once(responses[0]!.stream, 'close');
      const closed = firstValueFrom(broker.notices$.pipe(ofType('Closed')));
      leave(client);
      await closed;
      expect(broker.snapshot().subscribers).toEqual([]);
      // what waited in the stream is released
      await gone;
    });
  });

  test.each(WAYS)('also one that %s before it is subscribed', async (_way, leave) => {
    const broker = eventBroker<Price>();
    const left = new Promise<Http2ServerResponse>(resolve => {
      void connected((_request, response) => {
        response.stream.once('aborted', () => resolve(response));
        leave(client!);
      }).then(made => (client = made));
    });
    let client: Client | undefined;
    const response = await left;
    // the stream may be gone, or be closed and not gone
    broker.subscribe(sseSubscriber(response));
    expect(broker.snapshot().subscribers).toEqual([]);
    await new Promise(resolve => setImmediate(resolve));
    expect(response.stream.destroyed).toBe(true);
    broker.subscribe(sseSubscriber(response));
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});
