import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { connect, createServer, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { firstValueFrom, Subject } from 'rxjs';
import { eventBroker, ofType } from 'rx-event-broker';
import { sseResponse, sseSubscriber, type NodeResponse } from 'rx-event-broker/web';
import { parsedStream } from './parsedStream.js';

type Price = { readonly type: 'Price'; readonly n: number; readonly text?: string };
const LARGE = 'x'.repeat(100_000);

describe('W1c over HTTP/2', () => {
  test('events arrive, a slow client has a bound, and one that disconnects closes the subscriber', async () => {
    const broker = eventBroker<Price>();
    const server = createServer((request, response: Http2ServerResponse) => {
      broker.subscribe(sseSubscriber(response, { request, capacity: 2, overflow: 'dropOldest' }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const stream = session.request({ ':path': '/', 'last-event-id': '3' });
    const [headers] = (await once(stream, 'response')) as [Record<string, string>];
    expect(headers).toMatchObject({ ':status': 200, 'content-type': 'text/event-stream' });

    for (let n = 1; n <= 10; n++) broker.send({ type: 'Price', n, text: LARGE });
    const [{ pending, dropped } = { pending: 0, dropped: 0 }] = broker.snapshot().subscribers;
    // its window is 64 KiB: the first is in hand
    expect([pending, dropped]).toEqual([3, 7]);

    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    while (!text.includes('"n":10') || !text.endsWith('\n\n')) await once(stream, 'data');
    const { dispatched } = parsedStream(text);
    expect(dispatched.map(({ type, data }) => (type === 'missed' ? data : (JSON.parse(data) as Price).n))).toEqual([
      '{"reason":"expired"}',
      1,
      '{"reason":"overflow","count":7}',
      9,
      10,
    ]);
    const closed = firstValueFrom(broker.notices$.pipe(ofType('Closed')));
    stream.destroy();
    await closed;
    session.close();
    await new Promise(resolve => server.close(resolve));
  });
});

describe('W1c a Response of fetch', () => {
  const open: { close(): Promise<void> }[] = [];
  // signs of life are sent until then
  afterEach(async () => {
    for (const { close } of open.splice(0)) await close();
  });
  const opened = (options = {}) => {
    const broker = eventBroker<Price>();
    const response = sseResponse({ status: 202, headers: { 'x-mine': '1' } });
    const subscriber = sseSubscriber<Price>(response, { capacity: 2, overflow: 'dropOldest', ...options });
    const subscription = broker.subscribe(subscriber);
    const reader = response.body!.getReader();
    open.push({
      close: async () => {
        broker.close();
        await reader.cancel().catch(() => undefined);
      },
    });
    let text = '';
    /** Reads until something for which `isThere` is true has come, or until the end. */
    const until = async (isThere: (text: string) => boolean): Promise<string> => {
      while (!isThere(text)) {
        const { value, done } = await reader.read();
        if (done) break;
        text += new TextDecoder().decode(value);
      }
      return text;
    };
    return { broker, response, reader, until, subscriber, subscription };
  };

  test('has the headers, and emits its events as they are read', async () => {
    const { broker, response, until } = opened();
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-mine')).toBe('1');
    broker.send({ type: 'Price', n: 1 });
    const text = await until(found => found.includes('Price'));
    expect(parsedStream(text).dispatched).toEqual([{ type: 'Price', data: '{"type":"Price","n":1}', lastEventId: '' }]);
  });

  test.each([
    [{ 'Content-Type': 'text/event-stream; charset=utf-8', 'CACHE-CONTROL': 'private' }],
    [new Headers({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'private' })],
    [
      [
        ['Content-Type', 'text/event-stream; charset=utf-8'],
        ['cache-Control', 'private'],
      ] as const,
    ],
  ])('W1c its headers are those that are given, whatever their case: %p', headers => {
    const { headers: made } = sseResponse({ headers });
    expect(Object.fromEntries(made)).toEqual({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'private',
      'x-accel-buffering': 'no',
    });
  });

  test.each([
    [{ status: 204 }, 'status'],
    [{ status: 101 }, 'status'],
    [{ headers: { 'x-a': null } }, 'headers: x-a'],
    [{ headers: { 'x-a': 7 } }, 'headers: x-a'],
    [{ headers: null }, 'headers'],
    [{ headers: 'x' }, 'headers'],
    [{ headers: { 'x a': 'b' } }, 'headers'],
    [{ headers: { 'x-a': 'b\nc' } }, 'headers'],
    [{ headers: { 'Content-Type': 'text/html' } }, 'headers'],
    [{ header: {} }, 'header'],
    [null, 'sseResponse'],
  ])('W1d sseResponse(%j) is an OptionError', (init, option) => {
    expect(() => sseResponse(init as never)).toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });

  test('W3d an empty lastEventId counts as missing: the header is read', async () => {
    for (const [header, found] of [
      ['7', true],
      ['', false],
    ] as const) {
      const asked: unknown[] = [];
      const since = (id: string | undefined): undefined => void asked.push(id);
      const request = { headers: { 'Last-Event-ID': header } };
      const { until, broker } = opened({ request, lastEventId: '', since });
      broker.send({ type: 'Price', n: 1 });
      expect((await until(text => text.includes('Price'))).includes('expired')).toBe(found);
      expect(asked).toEqual([found ? '7' : undefined]);
    }
  });

  test('W2a without a reader: waiting bytes are counted, the rest is dropped and reported', async () => {
    const { broker, until } = opened();
    for (let n = 1; n <= 10; n++) broker.send({ type: 'Price', n, text: LARGE });
    expect(broker.snapshot().subscribers[0]).toMatchObject({ pending: 3, dropped: 7 });
    const { dispatched } = parsedStream(await until(text => text.includes('"n":10') && text.endsWith('\n\n')));
    expect(dispatched.map(({ type }) => type)).toEqual(['Price', 'missed', 'Price', 'Price']);
    expect(broker.snapshot().subscribers[0]).toMatchObject({ pending: 0, delivered: 3 });
  });

  test('W1e cancelling its body closes the subscriber; the header Last-Event-ID is read', async () => {
    const broker = eventBroker<Price>();
    const response = sseResponse();
    const request = new Request('http://127.0.0.1', { headers: { 'last-event-id': '7' } });
    broker.subscribe(sseSubscriber(response, { request }));
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toContain('expired');
    await reader.cancel();
    expect(broker.snapshot().subscribers).toEqual([]);
    broker.send({ type: 'Price', n: 1 });
  });

  test('W1e cancelled before it is subscribed', async () => {
    const broker = eventBroker<Price>();
    const response = sseResponse();
    await response.body!.cancel();
    broker.subscribe(sseSubscriber(response));
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test('W1f drain sends waiting events, then the end', async () => {
    const { broker, until } = opened();
    for (let n = 1; n <= 3; n++) broker.send({ type: 'Price', n, text: LARGE });
    const drained = firstValueFrom(broker.drain());
    const { dispatched } = parsedStream(await until(() => false));
    await drained;
    expect(dispatched).toHaveLength(3);
  });

  test('W3c, W3f drain reports the last gap before the end: received and reported events add up to those offered', async () => {
    const { broker, until } = opened({ overflow: 'dropNewest' });
    for (let n = 1; n <= 10; n++) broker.send({ type: 'Price', n, text: LARGE });
    const drained = firstValueFrom(broker.drain());
    const { dispatched } = parsedStream(await until(() => false));
    await drained;
    expect(dispatched.map(({ type, data }) => (type === 'missed' ? data : type))).toEqual([
      ...['Price', 'Price', 'Price'],
      '{"reason":"overflow","count":7}',
    ]);
  });

  test.each(['closed$', 'unsubscribe', 'close'] as const)(
    'W3f what is received and told at a %s is what was offered',
    async how => {
      const closed$ = new Subject<void>();
      const { broker, subscription, until } = opened({ overflow: 'dropNewest', closed$ });
      for (let n = 1; n <= 10; n++) broker.send({ type: 'Price', n, text: LARGE });
      if (how === 'closed$') closed$.next();
      else if (how === 'unsubscribe') subscription.unsubscribe();
      else broker.close();
      const { dispatched } = parsedStream(await until(() => false));
      expect(dispatched.map(({ type, data }) => (type === 'missed' ? data : type))).toEqual([
        'Price',
        '{"reason":"overflow","count":7}',
        '{"reason":"closed","count":2}',
      ]);
    },
  );

  test('W3f a second registration, which fails, does not affect the first', async () => {
    const { broker, subscriber, subscription, until } = opened({ overflow: 'dropNewest' });
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    broker.subscribe(subscriber);
    expect(await failed).toMatchObject({ error: { name: 'OptionError' } });
    expect(broker.snapshot().subscribers).toHaveLength(1);
    for (let n = 1; n <= 4; n++) broker.send({ type: 'Price', n, text: LARGE });
    subscription.unsubscribe();
    const { dispatched } = parsedStream(await until(() => false));
    expect(dispatched.map(({ type, data }) => (type === 'missed' ? data : type))).toEqual([
      'Price',
      '{"reason":"overflow","count":1}',
      '{"reason":"closed","count":2}',
    ]);
  });

  test('W4b closed after stalledFor: a later read gets an error', async () => {
    const { broker, reader, until } = opened({ stalledFor: 20 });
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    for (let n = 1; n <= 3; n++) broker.send({ type: 'Price', n, text: LARGE });
    expect(await failed).toMatchObject({ error: { name: 'ClientStalledError' } });
    await expect(until(() => false)).rejects.toThrow('the stream was closed by the server');
    await expect(reader.closed).rejects.toThrow('the stream was closed by the server');
  });

  test('W4d at the end it is cut after stalledFor, even if it has accepted a part of the rest', async () => {
    const { broker, reader } = opened({ stalledFor: 20 });
    // the greeting, then more than one slice, which takes three reads
    await reader.read();
    broker.send({ type: 'Price', n: 1, text: 'x'.repeat(35_000) });
    broker.close();
    for (let slice = 1; slice <= 2; slice++) expect(await reader.read()).toMatchObject({ done: false });
    await expect(reader.closed).rejects.toThrow('the stream was closed by the server');
  });

  test('W1c through a server of fetch handlers over real HTTP', async () => {
    const broker = eventBroker<Price>();
    const server = createHttp((_, to) => {
      // what the adapters of Hono and others do
      const from = sseResponse();
      broker.subscribe(sseSubscriber(from, { capacity: 5 }));
      to.writeHead(from.status, Object.fromEntries(from.headers));
      const pipe = async (): Promise<void> => {
        for await (const chunk of from.body as unknown as AsyncIterable<Uint8Array>)
          if (!to.write(chunk)) await once(to, 'drain');
        to.end();
      };
      pipe().catch(() => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for (let n = 1; n <= 3; n++) broker.send({ type: 'Price', n });
    await firstValueFrom(broker.drain());
    expect(parsedStream(await answer.text()).dispatched).toHaveLength(3);
    await new Promise(resolve => server.close(resolve));
  });
});

test('the type of an HTTP/2 response is accepted', () => {
  const take = (response: Http2ServerResponse): NodeResponse => response;
  expect(take).toBeInstanceOf(Function);
});
