import { describe, expect, jest } from '@jest/globals';
import { jetstream, RetentionPolicy, StorageType } from '@nats-io/jetstream';
import { headers, type NatsConnection as RealConnection } from '@nats-io/transport-node';
import { backpressure, OptionError, type PositionStore } from 'rx-event-broker';
import { jetStreamSource, type JetStreamSourceOptions, type NatsConnection } from 'rx-event-broker/nats';
import { BehaviorSubject, filter, mergeMap, NEVER, of, Subject } from 'rxjs';
import { messageIdOf } from '../../../lib/nats/messageId.js';
import { until } from '../natsServer.js';
import { consumer, released, waited } from './consumer.js';
import { onNats } from './onNats.js';
import { memoryPosition, numbers, publish, publishForeign } from './publishing.js';

jest.setTimeout(30_000);
const { test, here, newStream } = onNats('spec/nats/source/jetStreamSource');

type Options = Partial<JetStreamSourceOptions>;

/** A reader of a stream, with a position in memory. */
const reader = (stream: string, options: Options = {}, settles = true) => {
  const one = consumer({ settles });
  const position = memoryPosition();
  const source = jetStreamSource({
    connection: here().nc,
    stream,
    position,
    everyMs: 0,
    notices: one.observer,
    ...options,
  });
  return { ...one, position, source, open: (through: typeof source = source) => one.open(through) };
};

/** Opens it, waits for its error, and gives it. */
const errorOf = async (one: ReturnType<typeof reader>): Promise<Error> => {
  one.open();
  await one.until(() => one.errors.length === 1);
  await one.until(() => released(one) === 1);
  return one.errors[0]!;
};

/** The consumers of a stream, as the server tells of them. */
const consumersOf = async (stream: string) => {
  const infos = [];
  for await (const info of here().manager.consumers.list(stream)) infos.push(info);
  return infos;
};

describe('J1 the position moves over settled messages only', () => {
  test('J1a it is stored when its message and all before it are settled', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(5));
    const one = reader(stream, {}, false);
    const subscription = one.open();
    await one.until(() => one.received.length === 5);
    expect(one.position.written).toEqual([]);
    one.settle(3);
    await until('the position', async () => one.position.last() === 3);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(one.position.written.map(text => JSON.parse(text) as unknown)).toEqual([
      { stream, created: expect.any(String), sequence: 3, time: one.received[2]!.time, subject, position: 3 },
    ]);
  });

  test('J1b it is written at most once per everyMs, never moves back, and is written once more at the end', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(2000));
    const one = reader(stream, { everyMs: 60_000 });
    const subscription = one.open();
    await one.until(() => one.received.length === 2000);
    expect(one.position.written).toEqual([]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(one.position.written.map(text => (JSON.parse(text) as { sequence: number }).sequence)).toEqual([2000]);
  });

  test('J1b one write at a time, in order', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(500));
    const written: number[] = [];
    let writing = 0;
    const position: PositionStore = {
      read: async () => undefined,
      write: async text => {
        expect(++writing).toBe(1);
        await new Promise(resolve => setImmediate(resolve));
        written.push((JSON.parse(text) as { sequence: number }).sequence);
        writing--;
      },
    };
    const one = reader(stream, { position, batchSize: 10 });
    const subscription = one.open();
    await until('the last position', async () => written.at(-1) === 500);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(written.length).toBeGreaterThan(1);
    expect(written).toEqual([...written].sort((a, b) => a - b));
  });

  test('J1b a position that cannot be written is an error of the source, and is not retried', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(3));
    let writes = 0;
    const full = { read: async () => undefined, write: () => (writes++, Promise.reject(new Error('disk full'))) };
    const error = await errorOf(reader(stream, { position: full }));
    expect(error.message).toBe('disk full');
    expect(writes).toBe(1);
  });

  test('J1e startAt new is stored before anything is emitted, so a restart does not begin later', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(3));
    const one = reader(stream, { startAt: 'new' }, false);
    const first = one.open();
    await until('the position', async () => one.position.last() === 3);
    await publish(here().nc, subject, ['4'], 4);
    await one.until(() => one.received.length === 1);
    first.unsubscribe();
    await one.until(() => released(one) === 1);
    await publish(here().nc, subject, ['5'], 5);
    one.open().add(() => undefined);
    await one.until(() => one.received.length === 3);
    expect(one.texts()).toEqual(['4', '4', '5']);
  });
});

describe('J2 order', () => {
  test('J2a all messages of many pulls, in stream order, each once', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(3000));
    const one = reader(stream, { batchSize: 7 });
    const subscription = one.open();
    await one.until(() => one.received.length === 3000);
    await publish(here().nc, subject, ['later'], 3001);
    await one.until(() => one.received.length === 3001);
    expect(one.texts()).toEqual([...numbers(3000), 'later']);
    expect(one.sequences()).toEqual(numbers(3001).map(Number));
    expect(one.received.at(-1)).toMatchObject({ subject, position: 3001 });
    expect(Math.abs(one.received.at(-1)!.time - Date.now())).toBeLessThan(60_000);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    await until('no consumer', async () => (await consumersOf(stream)).length === 0);
  });

  test.each([1, 2, 9])('J2b message %i lost on the way is read again immediately, with a notice', async lost => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(20));
    const one = reader(stream, { connection: dropping(here().nc, lost) });
    const subscription = one.open();
    await one.until(() => one.received.length === 20);
    expect(one.texts()).toEqual(numbers(20));
    expect(waited(one)).toEqual([
      `stream ${stream}: expected delivery ${lost}, received ${lost + 1}; reading again from sequence ${lost}`,
    ]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J2c, J12i a subject reads one partition: its messages only, with positions of their own', async () => {
    const { stream, subject } = await newStream();
    const other = subject.replace('.a', '.b');
    for (const n of numbers(10)) {
      await publish(here().nc, subject, [`a${n}`], Number(n));
      await publish(here().nc, other, [`b${n}`], Number(n));
    }
    const one = reader(stream, { subject: other });
    const subscription = one.open();
    await one.until(() => one.received.length === 10);
    expect(one.texts()).toEqual(numbers(10).map(n => `b${n}`));
    expect(one.sequences()).toEqual(numbers(10).map(n => 2 * Number(n)));
    expect(one.received.map(({ position }) => position)).toEqual(numbers(10).map(Number));
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J2c wildcards, and a stream read as a whole: each subject has its own positions', async () => {
    const { stream, subject } = await newStream();
    const other = subject.replace('.a', '.b');
    await publish(here().nc, subject, ['a1', 'a2']);
    await publish(here().nc, other, ['b1']);
    await publish(here().nc, subject, ['a3'], 3);
    for (const options of [{ subject: subject.replace('.a', '.*') }, {}]) {
      const one = reader(stream, options);
      const subscription = one.open();
      await one.until(() => one.received.length === 4);
      expect(one.received.map(message => [message.subject, message.position])).toEqual([
        [subject, 1],
        [subject, 2],
        [other, 1],
        [subject, 3],
      ]);
      subscription.unsubscribe();
    }
  });
});

/** A connection on which the nth message of a stream is dropped, once. */
const dropping = (nc: RealConnection, nth: number): NatsConnection => {
  let seen = 0;
  return new Proxy(nc, {
    get: (target, key) => {
      if (key !== 'subscribe') {
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      }
      return ((subject, { callback }) =>
        target.subscribe(subject, {
          callback: (error, message) => {
            if (message.reply?.startsWith('$JS.ACK') === true && ++seen === nth) return;
            callback(error, message);
          },
        })) satisfies NatsConnection['subscribe'];
    },
  });
};

describe('J3 J4 retries, and the store that commits the position', () => {
  test('J3a a message that fails is retried in place: nothing overtakes it', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(6));
    const position = memoryPosition();
    const source = jetStreamSource({ connection: here().nc, stream, position, everyMs: 0, batchSize: 2 });
    const log: string[] = [];
    let fails = 3;
    const working = backpressure(source, {
      required: true,
      highWaterMark: 2,
      retry: { count: 5 },
      project: async ({ sequence }) => {
        const isFailing = sequence === 2 && fails-- > 0;
        log.push(`${isFailing ? 'failed' : 'done'} ${sequence}`);
        if (isFailing) throw new Error('not now');
      },
    }).subscribe();
    await until('the position', async () => position.last() === 6);
    expect(log).toEqual(['done 1', ...Array<string>(3).fill('failed 2'), ...[2, 3, 4, 5, 6].map(n => `done ${n}`)]);
    working.unsubscribe();
  });

  test('J4b a store that follows the position gets it for the values that its consumer has received', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(6));
    let positionAt: ((received: number) => string | undefined) | undefined;
    let ends = 0;
    const position: PositionStore = {
      read: async () => undefined,
      follow: at => {
        positionAt = at;
        return () => ends++;
      },
    };
    const at = (received: number): number | undefined => {
      const text = positionAt!(received);
      return text === undefined ? undefined : (JSON.parse(text) as { sequence: number }).sequence;
    };
    const one = reader(stream, { position }, false);
    // 1 gives one value, 2 two, 3 none, 4 two, 5 none, 6 two
    const through: typeof one.source = (pause$, settlement) =>
      one.source(pause$, settlement).pipe(
        filter(({ sequence }) => sequence !== 3 && sequence !== 5),
        mergeMap(message => (message.sequence % 2 === 0 ? of(message, message) : of(message))),
      );
    const subscription = one.open(through);
    await one.until(() => one.received.length === 7);
    expect([0, 1, 2, 3, 4].map(at)).toEqual([undefined, 1, 1, 2, 2]);
    one.settle(5);
    expect([5, 6, 7].map(at)).toEqual([4, 4, 6]);
    // a count that goes back leaves the stored position as it is
    expect(at(6)).toBeUndefined();
    expect(one.received.map(({ sequence }) => sequence)).toEqual([1, 2, 2, 4, 4, 6, 6]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(ends).toBe(1);
  });
});

describe('J5 it pulls only if there is room', () => {
  test('J5a a pause inside a message takes effect immediately; one pull is held, and no other is made', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(100));
    const one = reader(stream, { batchSize: 10 });
    one.pause$.next(true);
    const paused: typeof one.source = (_, settlement) => one.source(one.pause$, settlement);
    const subscription = one.open(paused);
    await until('a consumer', async () => (await consumersOf(stream)).length === 1);
    expect((await consumersOf(stream))[0]).toMatchObject({ num_waiting: 0, delivered: { consumer_seq: 0 } });

    const stopping = one.until(() => one.received.length === 3).then(() => undefined);
    one.settlement.settled$.subscribe(n => n === 3 && one.pause$.next(true));
    one.pause$.next(false);
    await stopping;
    await until('the pull', async () => (await consumersOf(stream))[0]!.delivered.consumer_seq === 10);
    expect(one.received.length).toBe(3);
    expect((await consumersOf(stream))[0]).toMatchObject({ num_waiting: 0, num_pending: 90 });
    one.pause$.next(false);
    await one.until(() => one.received.length === 100);
    expect(one.texts()).toEqual(numbers(100));
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J5b maxBytes bounds a pull; a message that is larger comes alone, and the next ones after it', async () => {
    const { stream, subject } = await newStream();
    const texts = ['a', 'x'.repeat(300_000), 'b', 'y'.repeat(5000), 'c', 'd'];
    await publish(here().nc, subject, texts);
    const one = reader(stream, { maxBytes: 4096 });
    const subscription = one.open();
    await one.until(() => one.received.length === 6);
    expect(one.texts()).toEqual(texts);
    expect(waited(one)).toEqual([]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });
});

describe('J7 J9 streams that cannot be read', () => {
  test('J7b a stream that does not exist', async () => {
    expect(await errorOf(reader('NONE'))).toMatchObject({ name: 'StreamGoneError', stream: 'NONE' });
  });

  test.each([RetentionPolicy.Interest, RetentionPolicy.Workqueue])('J9a retention %s', async retention => {
    const { stream } = await newStream({ retention });
    expect(await errorOf(reader(stream))).toMatchObject({
      name: 'StreamConfigError',
      expected: 'retention limits',
      found: `retention ${retention}`,
    });
  });

  test('J9b messages after the position have expired: the error has their number', async () => {
    const { stream, subject } = await newStream({ max_msgs: 5 });
    await publish(here().nc, subject, numbers(3));
    const position = await positionAfter(stream, 2);
    await publish(here().nc, subject, numbers(17, 4), 4);
    const error = { name: 'ExpiredError', stream, sequence: 3, first: 16, missing: 13 };
    expect(await errorOf(reader(stream, { position }))).toMatchObject(error);
    expect(await errorOf(reader(stream, { position, subject }))).toMatchObject(error);
    expect(await errorOf(reader(stream, { startAt: { sequence: 3 } }))).toMatchObject(error);
  });

  test('J9b a partition whose own messages all exist has lost nothing', async () => {
    const { stream, subject } = await newStream({ max_msgs: 3 });
    const other = subject.replace('.a', '.b');
    await publish(here().nc, subject, ['a1']);
    const position = await positionAfter(stream, 1, { subject });
    await publish(here().nc, other, numbers(9));
    await publish(here().nc, subject, ['a2'], 2);
    const one = reader(stream, { position, subject });
    const subscription = one.open();
    await one.until(() => one.received.length === 1);
    expect(one.texts()).toEqual(['a2']);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J9c a position after the last message, of another stream, or no position at all', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(3));
    const text = (await positionAfter(stream, 3)).written[0]!;
    const ahead = memoryPosition(text.replace('"sequence":3', '"sequence":9'));
    const elsewhere = memoryPosition(text.replace(stream, 'OTHER'));
    for (const [position, found] of [
      [ahead, '3 as the last sequence'],
      [elsewhere, 'one in stream OTHER'],
      [memoryPosition('17'), '"17"'],
    ] as const)
      expect(await errorOf(reader(stream, { position }))).toMatchObject({ name: 'StreamConfigError', found });
  });

  test('J9d a stream that was deleted and created again since', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(3));
    const position = await positionAfter(stream, 2);
    const { config } = await here().manager.streams.info(stream);
    await here().manager.streams.delete(stream);
    await here().manager.streams.add({ name: stream, subjects: config.subjects });
    await publish(here().nc, subject, numbers(3, 7), 7);
    const error = await errorOf(reader(stream, { position }));
    expect(error).toMatchObject({ name: 'StreamConfigError', stream });
    expect(error.message).toMatch(/expected the stream that was created at \S+, found one that was created at/);
  });

  test('J9e another message in the place of the last one that was read', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(3));
    const position = await positionAfter(stream, 3);
    const [text] = position.written;
    const older = memoryPosition(text!.replace(/"time":(\d+)/, (_, time) => `"time":${Number(time) - 1}`));
    const error = await errorOf(reader(stream, { position: older }));
    expect(error.message).toMatch(/expected message 3 from \S+, as it was read, found one from/);
  });

  test('J9f requested durability must be proven; without a request, a notice names the possible loss', async () => {
    const { stream } = await newStream();
    const { stream: inMemory } = await newStream({ storage: StorageType.Memory });
    const monitor = here().server.monitor;
    for (const [name, durability, found] of [
      [stream, { replicas: 3 }, '1'],
      [inMemory, { storage: 'file' }, 'storage memory'],
      [stream, { sync: 'always', monitor }, '120000000000'],
      [stream, { sync: 'always', monitor: 'http://127.0.0.1:1' }, 'no response'],
    ] as const) {
      const error = await errorOf(reader(name, { durability }));
      expect(error).toMatchObject({ name: 'StreamConfigError', found: expect.stringContaining(found) });
    }
    const risks = async (name: string, options: Options): Promise<string[]> => {
      const one = reader(name, options);
      const subscription = one.open();
      await until('a consumer', async () => (await consumersOf(name)).length === 1);
      subscription.unsubscribe();
      await one.until(() => released(one) === 1);
      return one.notices.flatMap(notice => (notice.type === 'AtRisk' ? [notice.what] : []));
    };
    expect(await risks(inMemory, {})).toEqual([
      `stream ${inMemory}: a restart of its servers loses messages: the storage is memory`,
      `stream ${inMemory}: a disk failure loses messages: the stream has one replica`,
    ]);
    expect(await risks(stream, { durability: { replicas: 1, storage: 'file' } })).toEqual([
      `stream ${stream}: a power failure can lose acknowledged messages: it is not proven that the server syncs them`,
    ]);
  });

  test('J9g options are checked by the call', () => {
    const position = memoryPosition();
    const base = { connection: here().nc, stream: 'S', position };
    const wrong: readonly [Partial<Record<keyof JetStreamSourceOptions, unknown>>, string][] = [
      [{ connection: {} }, 'connection'],
      [{ stream: 'a.b' }, 'stream'],
      [{ subject: 'a..b' }, 'subject'],
      [{ position: {} }, 'position'],
      [{ startAt: { sequence: 0 } }, 'startAt'],
      [{ foreign: 'no' }, 'foreign'],
      [{ batchSize: 0 }, 'batchSize'],
      [{ maxBytes: 10 }, 'maxBytes'],
      [{ everyMs: -1 }, 'everyMs'],
      [{ stop$: 1 }, 'stop$'],
      [{ durability: { replicas: 0 } }, 'replicas'],
      [{ durability: { sync: 'always' } }, 'monitor'],
      [{ apiPrefix: '$JS.*' }, 'apiPrefix'],
      [{ settlement: 'none', position: { read: position.read, follow: () => () => undefined } }, 'settlement'],
    ];
    for (const [options, option] of wrong) {
      const call = (): unknown => jetStreamSource({ ...base, ...options } as JetStreamSourceOptions);
      expect(call).toThrow(OptionError);
      expect(call).toThrow(option);
    }
  });
});

/** The position of a source that has read up to a sequence, and settled that. */
const positionAfter = async (stream: string, sequence: number, options: Options = {}) => {
  const one = reader(stream, options, false);
  const subscription = one.open();
  await one.until(() => one.received.length >= sequence);
  one.settle(sequence);
  await until('the position', async () => one.position.last() === sequence);
  subscription.unsubscribe();
  await one.until(() => released(one) === 1);
  return one.position;
};

describe('J11 messages that are not the next one of the sink', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  test.each([
    ['foreign', 'x', ''],
    ['foreign', 'x', 'an-id-of-somebody'],
    ['foreign', 'x', messageIdOf('s.other', 3, bytes('x'))],
    ['damaged', 'x', 'ID/3/00000000'],
    ['lost', 'x', 'ID/4/CRC'],
  ] as const)('J11a %s: %s with the id "%s" is an error, after those before it', async (reason, text, id) => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, ['1', '2']);
    const crc = messageIdOf(subject, 1, bytes(text)).split('/')[2]!;
    await publishForeign(here().nc, subject, text, id.replace('ID', subject).replace('CRC', crc));
    const one = reader(stream);
    const error = await errorOf(one);
    expect(error).toMatchObject({ name: 'StreamMessageError', reason, stream, subject, sequence: 3 });
    expect(one.texts()).toEqual(['1', '2']);
    expect(one.position.last()).toBe(2);
  });

  test('J11b a message that is lost across a restart is detected with the stored position', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(5));
    const position = await positionAfter(stream, 2);
    await here().manager.streams.deleteMessage(stream, 3);
    expect(await errorOf(reader(stream, { position }))).toMatchObject({ reason: 'lost', subject, sequence: 4 });
  });

  test('J11c foreign messages are accepted if the option says so; those of a sink are still checked', async () => {
    const { stream, subject } = await newStream();
    await publishForeign(here().nc, subject, 'theirs');
    await publish(here().nc, subject, ['1', '2']);
    await publishForeign(here().nc, subject, 'x', `${subject}/3/00000000`);
    const one = reader(stream, { foreign: 'accept' });
    expect(await errorOf(one)).toMatchObject({ reason: 'damaged', sequence: 4 });
    expect(one.received.map(({ position }) => position)).toEqual([undefined, 1, 2]);
  });

  test('J11d other headers, and a place in the id, do not matter', async () => {
    const { stream, subject } = await newStream();
    for (const n of [1, 2, 3]) {
      const h = headers();
      h.set('Before', 'Nats-Msg-Id: nobody/1/00000000');
      h.set('Nats-Msg-Id', messageIdOf(subject, n, bytes(String(n)), 17n));
      h.set('Z-After', 'x'.repeat(n * 300));
      await jetstream(here().nc).publish(subject, String(n), { headers: h });
    }
    const one = reader(stream);
    const subscription = one.open();
    await one.until(() => one.received.length === 3);
    expect(one.received.map(({ position }) => position)).toEqual([1, 2, 3]);
    subscription.unsubscribe();
  });

  test('J11e a message that a sink has written twice is emitted twice', async () => {
    const { stream, subject } = await newStream({ duplicate_window: 100_000_000 });
    for (const n of [1, 2, 3]) await publish(here().nc, subject, [String(n)], n);
    await until('the window is over', async () => {
      await publish(here().nc, subject, ['2'], 2);
      return (await here().manager.streams.info(stream)).state.messages === 4;
    });
    await publish(here().nc, subject, ['4'], 4);
    const one = reader(stream);
    const subscription = one.open();
    await one.until(() => one.received.length === 5);
    expect(one.texts()).toEqual(['1', '2', '3', '2', '4']);
    subscription.unsubscribe();
  });
});

describe('J12 moving a partition, and leaving', () => {
  test('J12j stop$: nothing more is emitted, and it completes when everything is settled and the position is stored', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(10));
    const stop$ = new Subject<void>();
    const one = reader(stream, { stop$, everyMs: 60_000 }, false);
    one.settlement.settled$.subscribe();
    const pausing: typeof one.source = (_, settlement) => one.source(one.pause$, settlement);
    one.open(pausing);
    await one.until(() => one.received.length === 10);
    stop$.next();
    await publish(here().nc, subject, ['11'], 11);
    one.settle(9);
    expect([one.state.isComplete, one.position.written]).toEqual([false, []]);
    one.settle(10);
    await one.until(() => one.state.isComplete);
    expect(one.position.last()).toBe(10);
    expect([one.received.length, released(one)]).toEqual([10, 1]);
    // the next owner goes on
    const next = reader(stream, { position: one.position });
    const subscription = next.open();
    await next.until(() => next.received.length === 1);
    expect(next.texts()).toEqual(['11']);
    subscription.unsubscribe();
  });

  test('J12j messages that are held at the stop are not emitted, and go to the next owner', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(10));
    const stop$ = new Subject<void>();
    const one = reader(stream, { stop$ });
    one.settlement.settled$.subscribe(n => n === 4 && one.pause$.next(true));
    one.open((_, settlement) => one.source(one.pause$, settlement));
    await until('the pull', async () => (await consumersOf(stream))[0]?.delivered.consumer_seq === 10);
    stop$.next();
    one.pause$.next(false);
    await one.until(() => one.state.isComplete);
    expect([one.texts(), one.position.last()]).toEqual([numbers(4), 4]);
  });

  test('J12j a position that cannot be stored at the stop is an error, not an end', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(2));
    const stop$ = new Subject<void>();
    const full = { read: async () => undefined, write: () => Promise.reject(new Error('disk full')) };
    const one = reader(stream, { stop$, everyMs: 60_000, position: full });
    one.open();
    await one.until(() => one.received.length === 2);
    stop$.next();
    await one.until(() => one.errors.length === 1);
    expect([one.errors[0]!.message, one.state.isComplete]).toEqual(['disk full', false]);
  });

  test("J1a settlement: 'none' stores the position after the hand-over", async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(4));
    const one = reader(stream, { settlement: 'none' });
    const subscription = one.source(NEVER).subscribe();
    await until('the position', async () => one.position.last() === 4);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J6d an error of pause$ is an error of the source, and everything is released', async () => {
    const { stream } = await newStream();
    const one = reader(stream);
    const pause$ = new BehaviorSubject(false);
    one.open((_, settlement) => one.source(pause$, settlement));
    await until('a consumer', async () => (await consumersOf(stream)).length === 1);
    pause$.error(new Error('broken level'));
    await one.until(() => released(one) === 1);
    expect(one.errors[0]?.message).toBe('broken level');
    await until('no consumer', async () => (await consumersOf(stream)).length === 0);
  });
});
