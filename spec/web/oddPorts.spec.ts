import type { MessagePort } from 'node:worker_threads';
import { describe, expect, jest, test } from '@jest/globals';
import { EMPTY, firstValueFrom, lastValueFrom, NEVER, toArray, type Observable } from 'rxjs';
import { backpressure, eventBroker, ofType } from 'rx-event-broker';
import { portSink, portSource, type PortLike } from 'rx-event-broker/web';
import { channel } from './channel.js';

type Tick = { readonly type: 'Tick'; readonly n: number };
const tick = (n: number): Tick => ({ type: 'Tick', n });

const envelope = (from: 'sink' | 'source', message?: unknown): object => ({
  rxEventBroker: 1,
  channel: 'events',
  from,
  message,
});
const given = (port: PortLike): Observable<Tick> => portSource<Tick>(port, { settlement: 'none' })(NEVER);
const errorOf = (of: Observable<unknown>): Promise<unknown> => lastValueFrom(of).catch((error: unknown) => error);

describe('W7c a message that the other side cannot have sent is a PortProtocolError', () => {
  const odd = [undefined, null, 7, [], {}, { kind: 7 }, { kind: 'constructor' }, { kind: 'toString' }];

  test.each([
    ...odd,
    { kind: 'hello' },
    { kind: 'value' },
    { kind: 'value', session: 'a', number: '1', gaps: [] },
    { kind: 'value', session: 'a', number: 1 },
    { kind: 'value', session: 'a', number: 1, gaps: [null] },
    { kind: 'complete' },
    { kind: 'complete', gaps: [{ count: -1, reason: 'overflow' }] },
    { kind: 'closed' },
    { kind: 'open', session: 'a', credit: 1 },
  ])('at a source: %j', async message => {
    const [here, there] = channel();
    const result = errorOf(given(there));
    here.postMessage(envelope('sink', message));
    expect(await result).toMatchObject({ name: 'PortProtocolError', found: message });
  });

  test.each([
    ...odd,
    { kind: 'open' },
    { kind: 'open', session: 'a', credit: 'many' },
    { kind: 'progress', session: 'a', settled: NaN, credit: 1 },
    { kind: 'left' },
    { kind: 'complete', gaps: [] },
  ])('at a sink: %j', async message => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    broker.subscribe(portSink(here, { required: false }));
    there.postMessage(envelope('source', message));
    expect(await failed).toMatchObject({ error: { name: 'PortProtocolError', found: message } });
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test('a source that has settled more than it was sent', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: true, onFailure: 'continue' }));
    broker.send(tick(1));
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    there.postMessage(envelope('source', { kind: 'open', session: 'a', credit: 0 }));
    there.postMessage(envelope('source', { kind: 'progress', session: 'a', settled: 1, credit: 0 }));
    expect(await failed).toMatchObject({ events: [{ n: 1 }], error: { name: 'PortProtocolError', found: 1 } });
    expect(broker.snapshot().subscribers[0]).toMatchObject({ delivered: 0, failed: 1 });
  });

  test('messages without a sender, or with an unknown one, belong to other code', async () => {
    const [here, there] = channel();
    const got = lastValueFrom(given(there).pipe(toArray()));
    for (const from of [undefined, 'both']) here.postMessage({ ...envelope('sink'), from });
    here.postMessage(envelope('sink', { kind: 'complete', gaps: [] }));
    expect(await got).toEqual([]);
  });
});

/** A port that throws at some of its calls. */
const throwing = (port: MessagePort, method: string, isOdd: (argument: unknown) => boolean): PortLike =>
  new Proxy(port, {
    get: (of, key) => {
      const value: unknown = Reflect.get(of, key);
      if (typeof value !== 'function') return value;
      return (...values: readonly unknown[]): unknown => {
        const { message } = (values[0] ?? {}) as { readonly message?: { readonly kind?: unknown } };
        if (key === method && isOdd(message?.kind ?? values[0])) throw new Error(`${method} is broken`);
        return Reflect.apply(value, of, values);
      };
    },
  });

describe('W7d a port that throws', () => {
  const broken: readonly (readonly [string, string, unknown])[] = [
    ['postMessage', 'hello', 'hello'],
    ['on', 'message', 'message'],
    ['on', 'error', 'error'],
  ];

  test.each(broken)('an optional sink is closed with it: %s of %s', async (method, _, odd) => {
    const [here] = channel();
    const broker = eventBroker<Tick>();
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    broker.subscribe(
      portSink(
        throwing(here, method, value => value === odd),
        { required: false },
      ),
    );
    expect(await failed).toMatchObject({
      error: { name: 'PortClosedError', cause: { message: `${method} is broken` } },
    });
    expect(broker.snapshot().subscribers).toEqual([]);
    // nothing of it listens
    for (const name of ['message', 'error', 'exit', 'messageerror']) expect(here.listenerCount(name)).toBe(0);
  });

  test.each(broken)('the next event of a required sink fails, and stops the broker: %s of %s', (method, _, odd) => {
    const [here] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(
      portSink(
        throwing(here, method, value => value === odd),
        { required: true },
      ),
    );
    expect(() => broker.send(tick(1))).toThrow(
      expect.objectContaining({
        name: 'BrokerStoppedError',
        cause: expect.objectContaining({ name: 'PortClosedError' }),
      }),
    );
  });

  test('W6e an event that an optional sink cannot send fails, is counted and reported', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    const missed: unknown[] = [];
    const got = lastValueFrom(
      portSource<Tick>(there, { settlement: 'none', missed: gap => missed.push(gap) })(NEVER).pipe(toArray()),
    );
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    broker.subscribe(portSink(here, { required: false }));
    broker.send({ ...tick(1), run: () => undefined } as Tick);
    broker.send(tick(2));
    expect(await failed).toMatchObject({ events: [{ n: 1 }], error: { name: 'DataCloneError' } });
    const { subscribers } = await firstValueFrom(broker.drain());
    expect(subscribers[0]).toMatchObject({ delivered: 1, failed: 1 });
    expect(await got).toEqual([tick(2)]);
    expect(missed).toEqual([{ count: 1, reason: 'failed' }]);
  });

  test('an end that cannot be sent is written to the console, and the sink leaves no listener', () => {
    const [here] = channel();
    const broker = eventBroker<Tick>();
    const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const sink = portSink<Tick>(
      throwing(here, 'postMessage', kind => kind === 'complete'),
      { required: false },
    );
    broker.subscribe(sink).unsubscribe();
    expect(written.mock.calls.map(([what]) => what as string)).toEqual(['rx-event-broker: a teardown threw']);
    written.mockRestore();
    expect(here.listenerCount('error')).toBe(0);
    expect(broker.snapshot().subscribers).toEqual([]);
  });

  test.each([...broken.slice(1), ['postMessage', 'open', 'open'] as const])(
    'a source errors with it: %s of %s',
    async (method, _, odd) => {
      const [, there] = channel();
      expect(await errorOf(given(throwing(there, method, value => value === odd)))).toMatchObject({
        name: 'PortClosedError',
        cause: { message: `${method} is broken` },
      });
      expect(there.listenerCount('error')).toBe(0);
    },
  );

  test('a source that cannot send its progress errors, and one that cannot send its end is released', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: true, onFailure: 'continue' }));
    broker.notices$.subscribe();
    broker.send(tick(1));
    const broke = (kind: unknown): boolean => kind === 'progress' || kind === 'left';
    const result = errorOf(given(throwing(there, 'postMessage', broke)));
    expect(await result).toMatchObject({ name: 'PortClosedError' });
  });
});

describe('W7e one at a time', () => {
  test('a sink is registered once: a second registration is closed with an OptionError, and the first continues', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    const failed = firstValueFrom(broker.notices$.pipe(ofType('Failed')));
    const sink = portSink<Tick>(here, { required: true });
    broker.subscribe(sink);
    broker.subscribe(sink);
    expect(await failed).toMatchObject({ error: { name: 'OptionError', option: 'subscriber' }, events: [] });
    const got = lastValueFrom(
      backpressure(portSource<Tick>(there), { required: true, project: ({ n }) => [n] }).pipe(toArray()),
    );
    broker.send(tick(1));
    await firstValueFrom(broker.drain());
    expect(await got).toEqual([1]);
  });

  test('so is a second sink on the same channel, until the first is closed', () => {
    const [here] = channel();
    const broker = eventBroker<Tick>();
    const errors: unknown[] = [];
    broker.notices$.pipe(ofType('Failed')).subscribe(({ error }) => errors.push(error));
    const first = broker.subscribe(portSink(here, { required: false }));
    broker.subscribe(portSink(here, { required: false }));
    broker.subscribe(portSink(here, { required: false, channel: 'other' }));
    expect(errors).toMatchObject([{ name: 'OptionError', option: 'channel', found: 'events' }]);
    first.unsubscribe();
    broker.subscribe(portSink(here, { required: false }));
    expect(errors).toHaveLength(1);
    expect(broker.snapshot().subscribers).toHaveLength(2);
  });

  test('a second subscription of a source waits until the first has left', async () => {
    const [here, there] = channel();
    const broker = eventBroker<Tick>();
    broker.subscribe(portSink(here, { required: true }));
    const log: string[] = [];
    const consumer = (name: string): Observable<unknown> =>
      backpressure(portSource<Tick>(there), {
        required: true,
        project: ({ n }) => {
          log.push(`${name}${n}`);
          return EMPTY;
        },
      });
    const first = consumer('a').subscribe();
    const second = lastValueFrom(consumer('b'), { defaultValue: undefined });
    broker.send(tick(1));
    while (broker.snapshot().subscribers[0]?.delivered !== 1) await new Promise(resolve => setImmediate(resolve));
    first.unsubscribe();
    broker.send(tick(2));
    await firstValueFrom(broker.drain());
    await second;
    expect(log).toEqual(['a1', 'b2']);
  });
});
