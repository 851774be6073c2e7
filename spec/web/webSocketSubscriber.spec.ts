import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { firstValueFrom, map, Subject } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';
import { eventBroker, ofType, type EventBroker } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { webSocketSubscriber, type Missed, type WebSocketLike, type WebSocketOptions } from 'rx-event-broker/web';

type Price = { readonly type: 'Price'; readonly n: number; readonly text?: string };
const LARGE = 'x'.repeat(2 ** 20);
const MANY = Array.from({ length: 30 }, (_, index) => index + 1);

const servers: WebSocketServer[] = [];
const brokers: EventBroker<Price>[] = [];
afterEach(() => {
  for (const broker of brokers.splice(0)) broker.close();
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

interface Client {
  readonly socket: WebSocket;
  readonly messages: (Price | ({ readonly type: 'missed' } & Missed))[];
  readonly until: (isThere: () => boolean) => Promise<void>;
}

const start = async (
  options: WebSocketOptions<Price, 'Price'> = {},
): Promise<{
  readonly broker: EventBroker<Price>;
  readonly connect: () => Promise<Client>;
  readonly server: WebSocketServer;
}> => {
  const broker = eventBroker<Price>();
  brokers.push(broker);
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  server.on('connection', socket => broker.subscribe(webSocketSubscriber<Price, 'Price'>(socket, options)));
  await once(server, 'listening');
  const connect = async (): Promise<Client> => {
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const messages: Client['messages'] = [];
    let look = (): void => undefined;
    socket.on('message', (data, isBinary) => {
      const text = (data as Buffer).toString();
      messages.push((isBinary ? { type: 'binary', text } : JSON.parse(text)) as Price);
      look();
    });
    await once(socket, 'open');
    const until = (isThere: () => boolean): Promise<void> =>
      new Promise(resolve => {
        look = () => isThere() && resolve();
        look();
      });
    return { socket, messages, until };
  };
  return { broker, connect, server };
};

describe('W5 WebSockets, with ws', () => {
  test('W5a an event is a message; a slow client has a bound and is notified; others get all', async () => {
    const { broker, connect } = await start({ capacity: 3, overflow: 'dropOldest', idOf: event => event.n });
    const slow = await connect();
    const fast = await connect();
    slow.socket.pause();
    for (const n of MANY) {
      broker.send({ type: 'Price', n, text: LARGE });
      await fast.until(() => fast.messages.length === n);
    }
    expect(fast.messages.map(message => message.type === 'Price' && message.n)).toEqual(MANY);
    const dropped = broker.snapshot().subscribers[0]!.dropped;
    expect(dropped).toBeGreaterThan(0);
    slow.socket.resume();
    await slow.until(() => slow.messages.some(message => message.type === 'Price' && message.n === MANY.length));
    const gaps = slow.messages.filter(message => message.type === 'missed');
    expect(gaps).toEqual([
      { type: 'missed', reason: 'overflow', count: dropped, first: expect.any(Number), last: MANY.length - 3 },
    ]);
    expect(slow.messages.length - gaps.length + dropped).toBe(MANY.length);
  });

  test('W5a the socket holds little: socketBytes, and one event', async () => {
    const held: number[] = [];
    const broker = eventBroker<Price>();
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    servers.push(server);
    await once(server, 'listening');
    const connected = once(server, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [socket] = await connected;
    broker.subscribe(webSocketSubscriber(socket, { socketBytes: 1000 }));
    await once(client, 'open');
    client.pause();
    for (const n of MANY) {
      broker.send({ type: 'Price', n, text: LARGE });
      held.push(socket.bufferedAmount);
    }
    expect(Math.max(...held)).toBeLessThan(2 * LARGE.length);
  });

  test('W5b encode returns bytes or a text; if it throws, the event fails and is reported', async () => {
    const { broker, connect } = await start({
      encode: ({ n }) => {
        if (n === 2) throw new Error('two');
        return n === 3 ? (7 as never) : new TextEncoder().encode(`bytes ${n}`);
      },
    });
    const { messages, until } = await connect();
    const errors: unknown[] = [];
    broker.notices$.pipe(ofType('Failed')).subscribe(({ error }) => errors.push(error));
    for (const n of [1, 2, 3, 4]) broker.send({ type: 'Price', n });
    await until(() => messages.length === 4);
    expect(messages).toEqual([
      { type: 'binary', text: 'bytes 1' },
      { type: 'missed', reason: 'failed', count: 1 },
      { type: 'missed', reason: 'failed', count: 1 },
      { type: 'binary', text: 'bytes 4' },
    ]);
    expect(errors.map(String)).toEqual(['Error: two', expect.stringContaining('expected a string or bytes, found 7')]);
  });

  test('W5b lastEventId: a client that reconnects gets a gap', async () => {
    const { connect } = await start({ lastEventId: '7' });
    const { messages, until } = await connect();
    await until(() => messages.length === 1);
    expect(messages).toEqual([{ type: 'missed', reason: 'expired' }]);
  });

  test('W5b an empty lastEventId means that the client had no event', async () => {
    const { broker, connect } = await start({ lastEventId: '' });
    const { messages, until } = await connect();
    broker.send({ type: 'Price', n: 1 });
    await until(() => messages.length === 1);
    expect(messages).toEqual([{ type: 'Price', n: 1 }]);
  });

  test('W5c a client that disconnects closes the subscriber', async () => {
    const { broker, connect } = await start();
    const { socket } = await connect();
    const closed = firstValueFrom(broker.notices$.pipe(ofType('Closed')));
    socket.terminate();
    await closed;
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test('W5c drain sends what waits, then closes with 1001', async () => {
    const { broker, connect } = await start({ capacity: 30 });
    const { socket, messages } = await connect();
    socket.pause();
    for (const n of MANY) broker.send({ type: 'Price', n, text: LARGE });
    const drained = firstValueFrom(broker.drain());
    const closed = once(socket, 'close') as Promise<[number]>;
    socket.resume();
    await drained;
    expect((await closed)[0]).toBe(1001);
    expect(messages).toHaveLength(MANY.length);
  });

  test('W5c a client without progress is cut', async () => {
    const { broker, connect } = await start({ capacity: 30, stalledFor: 150 });
    const { socket } = await connect();
    socket.pause();
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    const closed = once(socket, 'close') as Promise<[number]>;
    for (const n of MANY) broker.send({ type: 'Price', n, text: LARGE });
    expect(await failed).toMatchObject({ error: { name: 'ClientStalledError' } });
    socket.resume();
    expect((await closed)[0]).toBe(1006);
  });

  test('W5c a socket that is silent is pinged', async () => {
    const { connect } = await start({ heartbeat: 20 });
    const { socket } = await connect();
    await once(socket, 'ping');
  });

  test('W5d a socket that is still connecting gets its events when it is open', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    servers.push(server);
    await once(server, 'listening');
    const received = (once(server, 'connection') as Promise<[WebSocket]>).then(([socket]) => once(socket, 'message'));
    const broker = eventBroker<Price>();
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(socket.readyState).toBe(WebSocket.CONNECTING);
    broker.subscribe(webSocketSubscriber(socket));
    broker.send({ type: 'Price', n: 1 });
    expect(String((await received)[0])).toBe('{"type":"Price","n":1}');
  });

  test('W5d a closed socket closes the subscriber immediately', async () => {
    const { connect } = await start();
    const { socket } = await connect();
    socket.terminate();
    await once(socket, 'close');
    const broker = eventBroker<Price>();
    broker.subscribe(webSocketSubscriber(socket));
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test.each([undefined, {}, { send: () => undefined }])('W5 %p is not a WebSocket', socket => {
    expect(() => webSocketSubscriber(socket as never)).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'socket' }),
    );
  });
});

/** A `ServerWebSocket` as Bun documents it: no listeners; `send` returns -1 if the message waits, 0 if it was dropped. */
const bunSocket = (log: (what: string) => void) => {
  const state = { buffered: 0, readyState: 1, returns: 1 };
  const socket = {
    get readyState() {
      return state.readyState;
    },
    getBufferedAmount: () => state.buffered,
    send: (data: string) => {
      log((JSON.parse(data) as Price).type === 'Price' ? String((JSON.parse(data) as Price).n) : 'm');
      return state.returns;
    },
    ping: () => log('p'),
    close: () => {
      log('c');
      state.readyState = 2;
    },
    terminate: () => {
      log('x');
      state.readyState = 3;
    },
  } satisfies WebSocketLike;
  return { socket, state };
};

describe('W5 WebSockets that report nothing, as those of Bun', () => {
  const run = (
    test: (socket: ReturnType<typeof bunSocket>, broker: EventBroker<Price>) => Readonly<Record<string, () => void>>,
    at: string,
    log: string,
    subscribed: string,
    options: WebSocketOptions<Price, 'Price'> = {},
  ): void =>
    runMarbles(({ hot, cold, expectObservable }) => {
      const broker = eventBroker<Price>();
      const log$ = new Subject<string>();
      const bun = bunSocket(what => log$.next(what));
      const steps = test(bun, broker);
      expectObservable(log$).toBe(log);
      expectObservable(
        broker.notices$.pipe(
          ofType('Closed'),
          map(() => 'x'),
        ),
      ).toBe(subscribed);
      cold('s').subscribe(() =>
        broker.subscribe(webSocketSubscriber(bun.socket, { socketBytes: 10, heartbeat: Infinity, ...options })),
      );
      hot(at).subscribe(step => steps[step]?.());
      cold('90ms e').subscribe(() => broker.close());
    });
  const send = (broker: EventBroker<Price>, n: number) => () => broker.send({ type: 'Price', n });

  test('W5d a full socket is checked every 20 ms for room, even if other code has filled it', () => {
    run(
      ({ state }, broker) => ({
        a: send(broker, 1),
        b: () => {
          state.buffered = 10;
          broker.send({ type: 'Price', n: 2 });
          broker.send({ type: 'Price', n: 3 });
        },
        f: () => (state.buffered = 0),
      }),
      '-ab-----f',
      '-1 20ms (23) 64ms c',
      ' 90ms (x|)',
    );
  });

  test('W5d a socket that drops a message is cut, because the client would not be notified', () => {
    run(
      ({ state }, broker) => ({
        a: () => {
          state.returns = 0;
          broker.send({ type: 'Price', n: 1 });
        },
      }),
      '-a',
      '-(1x)',
      '-x 88ms |',
    );
  });

  test('W5c the WebSocket of the platform rejects 1001: it is closed with 1000', () => {
    const codes: unknown[] = [];
    const { socket } = bunSocket(() => undefined);
    const platform = Object.assign(Object.create(socket) as WebSocketLike, {
      close: (code: number) => {
        codes.push(code);
        if (code !== 1000 && (code < 3000 || code > 4999)) throw new DOMException('code', 'InvalidAccessError');
      },
    });
    eventBroker<Price>().subscribe(webSocketSubscriber<Price>(platform)).unsubscribe();
    expect(codes).toEqual([1001, 1000]);
  });

  test('W5d a socket that was closed is noticed at the next heartbeat', () => {
    run(({ state }) => ({ a: () => (state.readyState = 3) }), '---------a', '-----p', '----------x 79ms |', {
      heartbeat: 5,
    });
  });
});
