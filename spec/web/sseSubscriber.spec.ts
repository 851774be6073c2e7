import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import compression from 'compression';
import { filter, firstValueFrom, Subject } from 'rxjs';
import { eventBroker, keepLatestBy, ofType, replay, type EventBroker } from 'rx-event-broker';
import { sseSubscriber, type Missed, type SseOptions } from 'rx-event-broker/web';
import { serving, sseClient, type Serving } from './serving.js';

type Price = { readonly type: 'Price'; readonly n: number; readonly text?: string };
type Halt = { readonly type: 'Halt' };
type Odd = { readonly type: 'Odd'; readonly big: bigint };
type Event = Price | Halt | Odd;

const open: Serving[] = [];
afterEach(async () => {
  for (const { close } of open.splice(0)) await close();
});

const start = async (
  options: SseOptions<Event, Event['type']> | ((request: IncomingMessage) => SseOptions<Event, Event['type']>) = {},
  before: (response: ServerResponse) => void = () => undefined,
): Promise<Serving & { readonly broker: EventBroker<Event> }> => {
  const broker = eventBroker<Event>({
    sizeOf: event => JSON.stringify(event, (_, v: unknown) => (typeof v === 'bigint' ? 1 : v)).length,
  });
  const served = await serving((request, response) => {
    before(response);
    const read = typeof options === 'function' ? options(request) : options;
    broker.subscribe(sseSubscriber<Event, Event['type']>(response, read));
  });
  open.push(served);
  return { broker, ...served };
};

const price = (n: number, text?: string): Price => ({ type: 'Price', n, ...(text === undefined ? {} : { text }) });
const missedOf = (data: string): Missed => JSON.parse(data) as Missed;
/** More than all buffers between the server and a client that does not read. */
const LARGE = 'x'.repeat(2 ** 20);
const STALLED = Array.from({ length: 30 }, (_, index) => index + 1);

describe('W1 a client gets events', () => {
  test('W1a, W1b its type, its id and its data', async () => {
    const { broker, port } = await start({
      idOf: event => (event.type === 'Price' ? event.n : 'none'),
      reconnectAfter: 1500,
    });
    const client = await sseClient(port);
    broker.send(price(1, 'a\nb'));
    broker.send({ type: 'Halt' });
    await client.until(({ events }) => events().length === 2);
    expect(client.events()).toEqual([
      { type: 'Price', data: '{"type":"Price","n":1,"text":"a\\nb"}', lastEventId: '1' },
      { type: 'Halt', data: '{"type":"Halt"}', lastEventId: 'none' },
    ]);
    expect(client.text()).toMatch(/^retry: 1500\n\n/);
    expect(client.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  test('W1a a custom encode makes the data', async () => {
    const { broker, port } = await start({ encode: event => `${event.type}\r\nline 2` });
    const client = await sseClient(port);
    broker.send(price(1));
    await client.until(({ events }) => events().length === 1);
    expect(client.events()).toMatchObject([{ type: 'Price', data: 'Price\nline 2' }]);
  });

  test('W1a it gets only the types it asked for', async () => {
    const { broker, port } = await start({ types: ['Halt'] });
    const client = await sseClient(port);
    broker.send(price(1));
    broker.send({ type: 'Halt' });
    await client.until(({ events }) => events().length === 1);
    expect(client.events()).toMatchObject([{ type: 'Halt' }]);
  });

  test('W1c headers that were set before are kept, and sent headers are not changed', async () => {
    const set = await start({}, response => {
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('cache-control', 'private');
    });
    const { headers } = (await sseClient(set.port)).response;
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'private' });

    const sent = await start({}, response =>
      response.writeHead(201, { 'content-type': 'text/event-stream', 'x-mine': '1' }),
    );
    const client = await sseClient(sent.port);
    expect(client.response.statusCode).toBe(201);
    expect(client.response.headers).toMatchObject({ 'x-mine': '1' });
    sent.broker.send({ type: 'Halt' });
    await client.until(({ events }) => events().length === 1);
  });

  test('W1c a middleware that compresses sends each event immediately', async () => {
    const zip = compression({ filter: () => true });
    const broker = eventBroker<Event>();
    const served = await serving((request, response) => {
      response.setHeader('cache-control', 'no-store'); // without no-transform, it compresses
      zip(request as never, response as never, () => broker.subscribe(sseSubscriber(response)));
    });
    open.push(served);
    const answer = await fetch(`http://127.0.0.1:${served.port}`);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let n = 1; n <= 3; n++) {
      broker.send(price(n));
      while (!text.includes(`"n":${n}`)) text += (await reader.read()).value ?? '';
    }
    await reader.cancel();
  });

  test('W1d a response that has ended, or has other headers, is an OptionError', async () => {
    const errors: unknown[] = [];
    const broker = eventBroker<Event>();
    const served = await serving((request, response) => {
      if (request.url === '/ended') response.end();
      else response.setHeader('content-type', 'text/html').flushHeaders();
      try {
        broker.subscribe(sseSubscriber(response));
      } catch (error) {
        errors.push(error);
      }
      response.end();
    });
    open.push(served);
    for (const path of ['/ended', '/html']) await (await fetch(`http://127.0.0.1:${served.port}${path}`)).text();
    expect(errors).toMatchObject([
      { name: 'OptionError', option: 'response', expected: 'a response that is not ended' },
      { name: 'OptionError', option: 'response', found: 'text/html' },
    ]);
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test.each([[undefined], [{}], [new Response('a body of its own')]])('W1d %p is no response', (to: unknown) => {
    expect(() => sseSubscriber(to as never)).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'response' }),
    );
  });

  test.each([
    [{ heartbeat: 0 }, 'heartbeat'],
    [{ stalledFor: -1 }, 'stalledFor'],
    [{ missedType: 'a\nb' }, 'missedType'],
    [{ idOf: 'id' }, 'idOf'],
    [{ request: 'GET' }, 'request'],
    [{ request: { headers: null } }, 'request'],
    [{ reconnectAfter: Infinity }, 'reconnectAfter'],
    [{ reconnectAfter: NaN }, 'reconnectAfter'],
    [{ reconnectAfter: -1 }, 'reconnectAfter'],
    [{ reconnectAfter: 1e21 }, 'reconnectAfter'],
    [{ heartbeat: NaN }, 'heartbeat'],
    [{ lastEventId: 7 }, 'lastEventId'],
    [{ drainOnClose: true }, 'drainOnClose'],
    [{ required: true }, 'required'],
    [{ closed$: 7 }, 'closed$'],
  ])('W1d %j: the option %s', (options, option) => {
    const response = {
      headersSent: false,
      writableEnded: false,
      write: ok,
      end: ok,
      on: ok,
      setHeader: ok,
      getHeader: ok,
    };
    expect(() => sseSubscriber(response as never, options as never)).toThrow(
      expect.objectContaining({ name: 'OptionError', option }),
    );
  });

  test('W1e a client that disconnects closes the subscriber', async () => {
    const { broker, port } = await start();
    const client = await sseClient(port);
    const closed = firstValueFrom(broker.notices$.pipe(ofType('Closed')));
    client.response.destroy();
    expect(await closed).toMatchObject({ tally: { failed: 0, dropped: 0 } });
    expect(broker.snapshot().subscribers).toEqual([]);
    broker.send(price(1));
  });

  test('W1e a client that had disconnected before is closed immediately', async () => {
    const broker = eventBroker<Event>();
    const closed = firstValueFrom(broker.notices$.pipe(ofType('Closed')));
    const served = await serving((request, response) => {
      response.once('close', () => broker.subscribe(sseSubscriber(response)));
      request.socket.destroy();
    });
    open.push(served);
    await fetch(`http://127.0.0.1:${served.port}`).catch(() => undefined);
    await closed;
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test.each(['response', 'request'] as const)(
    'W1h a HEAD is answered with the headers, known by its %s',
    async known => {
      const broker = eventBroker<Event>();
      const served = await serving((request, response) => {
        if (known === 'request') Object.defineProperty(response, 'req', { value: undefined });
        broker.subscribe(sseSubscriber<Event, Event['type']>(response, known === 'request' ? { request } : {}));
      });
      open.push(served);
      const answer = await fetch(`http://127.0.0.1:${served.port}`, { method: 'HEAD' });
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
        ...[200, 'text/event-stream', ''],
      ]);
      expect(broker.snapshot().subscribers).toEqual([]);
    },
  );

  test('W1f drain ends the response after the sent events, even of a slow client', async () => {
    const { broker, port, server } = await start({ capacity: 30 });
    const client = await sseClient(port);
    client.response.pause();
    for (const n of STALLED) broker.send(price(n, LARGE));
    expect(broker.snapshot().subscribers[0]?.pending).toBeGreaterThan(0);
    const drained = firstValueFrom(broker.drain());
    client.response.resume();
    await drained;
    await client.ended;
    expect(client.events().map(({ data }) => (JSON.parse(data) as Price).n)).toEqual(STALLED);
    await new Promise(resolve => server.close(resolve));
  });

  test('W1f unsubscribing ends the response; a subscriber cannot be registered again', async () => {
    const broker = eventBroker<Event>();
    const served = await serving((_, response) => {
      const subscriber = sseSubscriber<Event>(response);
      broker.subscribe(subscriber).unsubscribe();
      broker.subscribe(subscriber);
    });
    open.push(served);
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    const client = await sseClient(served.port);
    await client.ended;
    expect(await failed).toMatchObject({ error: { name: 'OptionError', option: 'subscriber' } });
  });

  test('W1f closed$ and signal close it', async () => {
    const closed$ = new Subject<void>();
    const controller = new AbortController();
    const { port } = await start(({ url }) => (url === '/' ? { closed$ } : { signal: controller.signal }));
    const clients = [await sseClient(port), await sseClient(port)];
    closed$.next();
    controller.abort();
    for (const { ended } of clients) await ended;
  });
});

const ok = (): undefined => undefined;

describe('W2 a slow client has a bound', () => {
  test('W2a, W2b, W3a, W3c events that do not fit are dropped and reported before the next event; other clients get all', async () => {
    const { broker, port } = await start({
      capacity: 3,
      overflow: 'dropOldest',
      idOf: event => (event.type === 'Price' ? event.n : 'end'),
    });
    const slow = await sseClient(port);
    slow.response.pause();
    const fast = await sseClient(port);
    for (const n of STALLED) {
      broker.send(price(n, LARGE));
      await fast.until(({ events }) => events().length === n);
    }
    const [tally, other] = broker.snapshot().subscribers;
    expect(other).toMatchObject({ delivered: STALLED.length, dropped: 0 });
    expect(tally?.pending).toBe(4);
    expect(tally?.dropped).toBeGreaterThan(0);

    slow.response.resume();
    await slow.until(({ events }) => events().at(-1)?.lastEventId === String(STALLED.length));
    const gap = slow.events().find(({ type }) => type === 'missed');
    const received = slow.events().filter(({ type }) => type === 'Price');
    const { reason, count, first, last } = missedOf(gap!.data);
    expect({ reason, count }).toEqual({ reason: 'overflow', count: tally?.dropped });
    expect(received.length + count!).toBe(STALLED.length);
    const ids = received.map(({ lastEventId }) => Number(lastEventId));
    const lost = STALLED.filter(n => !ids.includes(n));
    expect([first, last]).toEqual([lost[0], lost.at(-1)]);
    // at its place
    const before = slow.events()[slow.events().indexOf(gap!) - 1];
    expect(Number(before?.lastEventId)).toBe(lost[0]! - 1);
  });

  test('W2a bytes are a bound, too, and a broker without sizeOf rejects it', async () => {
    const { broker, port } = await start({ capacityBytes: 2.5 * 2 ** 20 });
    const slow = await sseClient(port);
    slow.response.pause();
    for (const n of STALLED) broker.send(price(n, LARGE));
    expect(broker.snapshot().subscribers[0]?.pending).toBe(3);
    const bare = eventBroker<Event>();
    await serving((_, response) => {
      expect(() => bare.subscribe(sseSubscriber(response, { capacityBytes: 7 }))).toThrow('sizeOf');
      response.end();
    }).then(async served => {
      open.push(served);
      await (await fetch(`http://127.0.0.1:${served.port}`)).text();
    });
  });

  test('W2a, W3a keepLatestBy: the latest of each key, and superseded events are reported', async () => {
    const { broker, port } = await start({
      types: ['Price'],
      overflow: keepLatestBy((event: Event) => (event.type === 'Price' ? event.n % 2 : 0)),
      capacity: 2,
    });
    const slow = await sseClient(port);
    slow.response.pause();
    for (const n of STALLED) broker.send(price(n, LARGE));
    const dropped = broker.snapshot().subscribers[0]!.dropped;
    slow.response.resume();
    const numbers = () =>
      slow
        .events()
        .filter(({ type }) => type === 'Price')
        .map(({ data }) => (JSON.parse(data) as Price).n);
    await slow.until(() => numbers().includes(29) && numbers().includes(30));
    const told = slow
      .events()
      .filter(({ type }) => type === 'missed')
      .map(({ data }) => missedOf(data));
    expect(told.every(({ reason }) => reason === 'superseded')).toBe(true);
    expect(told.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(dropped);
    expect(numbers().length + dropped).toBe(STALLED.length);
  });

  test('W3g an event that overtook others has no id: a client that reconnects after the last id misses nothing', async () => {
    const { broker, port } = await start({
      overflow: keepLatestBy((event: Event) => (event.type === 'Price' ? (event.text ?? '').slice(0, 1) : event.type)),
      idOf: event => (event.type === 'Price' ? event.n : 0),
    });
    const client = await sseClient(port);
    broker.send(price(1));
    await client.until(({ events }) => events().length === 1);
    client.response.pause();
    // one is in the connection, one in hand
    for (const n of [2, 3, 4, 5, 6]) broker.send(price(n, LARGE));
    for (const [n, key] of [
      [7, 'a'],
      [8, 'b'],
      [9, 'c'],
      [10, 'a'],
      [11, 'd'],
    ] as const)
      broker.send(price(n, key));
    client.response.resume();
    await client.until(({ events }) => events().some(({ data }) => data.includes('"n":11')));
    const ids = client
      .events()
      .filter(({ type }) => type === 'Price')
      .map(({ data, lastEventId }) => [(JSON.parse(data) as Price).n, Number(lastEventId)] as const);
    const n10 = ids.findIndex(([n]) => n === 10);
    expect(ids.slice(n10 + 1)).toEqual([
      [8, 8],
      [9, 9],
      [11, 11],
    ]);
    // that of the one before it
    expect(ids[n10]![1]).toBe(ids[n10 - 1]![1]);
    expect(ids[n10]![1]).toBeLessThan(8);
  });

  test('W2c a long event does not fill the response: it is written in slices', async () => {
    const lengths: number[] = [];
    const { broker, port } = await start({}, response => {
      const write = response.write.bind(response) as (chunk: Uint8Array) => boolean;
      response.write = ((chunk: Uint8Array) => {
        const hasRoom = write(chunk);
        lengths.push(response.writableLength);
        return hasRoom;
      }) as never;
    });
    const slow = await sseClient(port);
    slow.response.pause();
    for (const n of STALLED) broker.send(price(n, LARGE));
    expect(Math.max(...lengths)).toBeLessThan(64 * 1024);
    slow.response.resume();
    await slow.until(({ events }) => events().length === STALLED.length);
    expect(slow.events().every(({ data }) => data.length > LARGE.length)).toBe(true);
  });
});

describe('W3 gaps', () => {
  test('W3b an event that cannot be encoded fails and is reported, and the next one follows', async () => {
    const { broker, port } = await start({ idOf: event => (event.type === 'Price' ? event.n : event.type) });
    const client = await sseClient(port);
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    broker.send({ type: 'Odd', big: 1n });
    broker.send(price(2));
    await client.until(({ events }) => events().length === 2);
    expect(await failed).toMatchObject({ events: [{ type: 'Odd' }], error: { name: 'TypeError' } });
    expect(client.events()).toMatchObject([
      { type: 'missed', data: '{"reason":"failed","count":1,"first":"Odd","last":"Odd"}' },
      { type: 'Price' },
    ]);
    expect(broker.snapshot().subscribers[0]).toMatchObject({ failed: 1, delivered: 1 });
  });

  test.each<[string, SseOptions<Event, Event['type']>]>([
    [
      'encode that throws',
      {
        encode: () => {
          throw new Error('no');
        },
      },
    ],
    ['encode that gives no text', { encode: () => 7 as never }],
    [
      'idOf that throws',
      {
        idOf: () => {
          throw new Error('no');
        },
      },
    ],
    ['an id of two lines', { idOf: () => 'a\nb' }],
    ['the type of gaps', { missedType: 'Price' }],
  ])('W3b, W3e %s: it fails, and is told', async (_, options) => {
    const { broker, port } = await start(options);
    const client = await sseClient(port);
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    broker.send(price(1));
    await failed;
    await client.until(({ events }) => events().length === 1);
    expect(missedOf(client.events()[0]!.data)).toMatchObject({ reason: 'failed', count: 1 });
  });

  test('W2a, W3b events that fail while the connection is full wait, too: their reports are bounded', async () => {
    let isFailing = false;
    const { broker, port } = await start({
      capacity: 3,
      encode: event => {
        if (isFailing) throw new Error('no');
        return JSON.stringify(event);
      },
    });
    const slow = await sseClient(port);
    slow.response.pause();
    broker.notices$.subscribe();
    for (const n of STALLED) {
      broker.send(price(n, LARGE));
      await new Promise(resolve => setImmediate(resolve));
    }
    isFailing = true;
    for (let n = 0; n < 10_000; n++) broker.send(price(n));
    expect(broker.snapshot().subscribers[0]).toMatchObject({ failed: 0, pending: 4 });
    slow.response.resume();
    await slow.until(({ events }) => events().filter(({ data }) => data.includes('failed')).length === 3);
    const told = slow.events().filter(({ type }) => type === 'missed');
    const received = slow.events().filter(({ type }) => type === 'Price');
    expect(told.length).toBeLessThan(10);
    isFailing = false;
    broker.send(price(1));
    await slow.until(({ events }) => events().filter(({ type }) => type === 'Price').length > received.length);
    const missed = slow
      .events()
      .reduce((sum, { type, data }) => sum + (type === 'missed' ? missedOf(data).count! : 0), 0);
    expect(missed + received.length + 1).toBe(STALLED.length + 10_001);
  });

  test('W3d a client that reconnects gets a gap of unknown length', async () => {
    const { broker, port } = await start(request => ({ request }));
    const ids = { ascii: '7', empty: '' };
    const back = await sseClient(port, { 'last-event-id': ids.ascii });
    const empty = await sseClient(port, { 'last-event-id': ids.empty });
    broker.send(price(1));
    for (const client of [back, empty])
      await client.until(({ events }) => events().some(({ type }) => type === 'Price'));
    expect(back.events().map(({ type, data }) => [type, data])).toEqual([
      ['missed', '{"reason":"expired"}'],
      ['Price', '{"type":"Price","n":1}'],
    ]);
    expect(empty.events()).toHaveLength(1);
  });

  describe('W3d, B21 a client that reconnects to a broker with replay', () => {
    const keeping = async () => {
      const broker = eventBroker<Price>({ replay: replay({ events: 3 }) });
      const asked: unknown[] = [];
      const gaps: unknown[] = [];
      const served = await serving((request, response) => {
        broker.subscribe(
          sseSubscriber<Price>(response, {
            request,
            idOf: ({ n }) => n,
            since: id => {
              asked.push(id);
              return id === undefined ? 'replay' : { after: ({ n }) => String(n) === id };
            },
            missed: gap => gaps.push(gap),
          }),
        );
      });
      open.push(served);
      for (const n of [1, 2, 3, 4]) broker.send(price(n));
      return { broker, asked, gaps, ...served };
    };
    const told = async (port: number, broker: EventBroker<Price>, id?: string) => {
      const client = await sseClient(port, id === undefined ? {} : { 'last-event-id': id });
      broker.send(price(5));
      await client.until(({ events }) => events().some(({ lastEventId }) => lastEventId === '5'));
      return client.events().map(({ type, lastEventId, data }) => (type === 'missed' ? data : Number(lastEventId)));
    };

    test('a new one gets what is kept', async () => {
      const { broker, port, asked, gaps } = await keeping();
      expect(await told(port, broker)).toEqual([2, 3, 4, 5]);
      expect([asked, gaps]).toEqual([[undefined], []]);
    });

    test('it continues after its last event, without a gap', async () => {
      const { broker, port, asked, gaps } = await keeping();
      expect(await told(port, broker, '3')).toEqual([4, 5]);
      expect([asked, gaps]).toEqual([['3'], []]);
    });

    test('it is notified if that event is no longer kept, and gets all kept events', async () => {
      const { broker, port, gaps } = await keeping();
      expect(await told(port, broker, '1')).toEqual(['{"reason":"expired"}', 2, 3, 4, 5]);
      expect(gaps).toEqual([{ reason: 'expired' }]);
    });

    test('the id is as the client sent it', async () => {
      const { broker, port, asked } = await keeping();
      await told(port, broker, Buffer.from('é-1').toString('latin1'));
      expect(asked).toEqual(['é-1']);
    });
  });
});

describe('W4 a client that accepts nothing', () => {
  test('W4b is closed after stalledFor, and its connection is cut', async () => {
    const { broker, port } = await start({ stalledFor: 200, capacity: 30 });
    const slow = await sseClient(port);
    slow.response.pause();
    const failed = firstValueFrom(
      broker.notices$.pipe(
        ofType('Failed'),
        filter(({ events }) => events.length === 0),
      ),
    );
    for (const n of STALLED) broker.send(price(n, LARGE));
    expect(await failed).toMatchObject({ error: { name: 'ClientStalledError', ms: 200 } });
    expect(broker.snapshot().subscribers).toEqual([]);
    slow.response.resume();
    await slow.ended;
    expect(slow.response.complete).toBe(false);
  });

  test('W4d is cut after stalledFor, if it does not accept the rest at the end', async () => {
    const { broker, port, server } = await start({ stalledFor: 200, capacity: 30 });
    const slow = await sseClient(port);
    slow.response.pause();
    for (const n of STALLED) broker.send(price(n, LARGE));
    broker.close();
    await new Promise(resolve => server.close(resolve));
    expect(slow.response.complete).toBe(false);
  });
});

test('the server side of the response is watched by one listener each, whatever is written', async () => {
  let response: ServerResponse | undefined;
  const { broker, port } = await start({}, opened => (response = opened));
  const client = await sseClient(port);
  const before = response!.listenerCount('drain');
  for (const n of STALLED) {
    broker.send(price(n, LARGE));
    await client.until(({ events }) => events().length === n);
  }
  expect(response!.listenerCount('drain')).toBe(before);
  const gone = once(response!, 'close');
  client.response.destroy();
  await gone;
});
