import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { firstValueFrom, from, lastValueFrom, Observable, Subject, take, tap, toArray } from 'rxjs';
import { eventBroker, fromPull, settledBy, type Notice, type Pausable } from '../../../lib/index.js';
import { messageIdOf } from '../../../lib/nats/messageId.js';
import type { JetStreamPublisher } from '../../../lib/nats/sink/JetStreamPublisher.js';
import { jetStreamSink } from '../../../lib/nats/sink/jetStreamSink.js';
import type { JetStreamSinkOptions } from '../../../lib/nats/sink/JetStreamSinkOptions.js';
import { natsBinary } from '../natsBinary.js';
import { connectTo, startServer, type NatsServer } from '../natsServer.js';
import { streamOn, textOf, upTo, type StreamUnderTest } from './streamUnderTest.js';

const binary = natsBinary('spec/nats/sink');

(binary === undefined ? describe.skip : describe)('jetStreamSink', () => {
  let server: NatsServer;
  const streams: StreamUnderTest[] = [];

  beforeAll(async () => {
    server = await startServer({ binary: binary! });
  });
  afterAll(async () => {
    await Promise.all(streams.map(stream => stream.remove()));
    await server.remove();
  });

  const newStream: (
    ...config: Parameters<typeof streamOn> extends [unknown, ...infer C] ? C : never
  ) => Promise<StreamUnderTest> = async config => {
    const stream = await streamOn(server, config);
    streams.push(stream);
    return stream;
  };

  const sinkTo = (stream: StreamUnderTest, options: Partial<JetStreamSinkOptions<number>> = {}) =>
    jetStreamSink<number>({
      connection: stream.nc,
      js: stream.js,
      stream: stream.name,
      subjectOf: () => `${stream.name.toLowerCase()}.a`,
      encode: textOf,
      ...options,
    } as JetStreamSinkOptions<number>);

  const texts = async (stream: StreamUnderTest) => (await stream.stored()).map(({ text }) => Number(text));

  /** A client whose answers come when they are released. */
  const held = (js: JetStreamPublisher) => {
    const releases: (() => void)[] = [];
    const state = { open: 0, most: 0 };
    const publish: JetStreamPublisher['publish'] = async (...args) => {
      state.most = Math.max(state.most, ++state.open);
      const ack = await js.publish(...args);
      await new Promise<void>(resolve => releases.push(resolve));
      state.open--;
      return ack;
    };
    return { js: { publish }, state, releases };
  };

  test('J13a a value has been processed when the server has confirmed it, not before', async () => {
    const stream = await newStream();
    const { js, releases } = held(stream.js);
    const done: unknown[] = [];
    const sink = sinkTo(stream, { js });
    const all = lastValueFrom(sink.publish(from([1, 2])).pipe(tap(({ value }) => done.push(value))));
    const batch = sink.nextBatch([3]).then(() => done.push(3));
    while ((await stream.count()) < 1) await new Promise(setImmediate);
    expect(done).toEqual([]);
    const release = setInterval(() => releases.splice(0).forEach(go => go()), 0);
    expect(await all).toMatchObject({ value: 2, duplicate: false });
    await batch;
    clearInterval(release);
    expect(done).toEqual([1, 2, 3]);
  });

  test('J13b a source is settled as its values are confirmed, in order', async () => {
    const stream = await newStream();
    const settled: number[] = [];
    const source: Pausable<number> = (_, settlement) =>
      new Observable(subscriber => {
        const given = settledBy<number>(subscriber, settlement, n => settled.push(n));
        for (const n of upTo(20)) given(n, () => subscriber.next(n));
        given.complete();
      });
    const values = await lastValueFrom(sinkTo(stream).publish(source).pipe(toArray()));
    expect(values.map(({ value }) => value)).toEqual(upTo(20));
    expect(values.map(({ sequence }) => sequence)).toEqual(upTo(20));
    expect(settled.at(-1)).toBe(20);
    expect(settled).toEqual([...settled].sort((a, b) => a - b));
    expect(await texts(stream)).toEqual(upTo(20));
  });

  test('J13c at most one window is in flight, and at most two are taken from the source', async () => {
    const stream = await newStream();
    const { js, state, releases } = held(stream.js);
    let taken = 0;
    const source: Pausable<number> = pause$ =>
      fromPull(
        function* () {
          for (; taken < 100;) yield ++taken;
        },
        { pause$ },
      );
    const all = lastValueFrom(sinkTo(stream, { js, window: 8 }).publish(source).pipe(toArray()));
    // the first one goes alone
    while (releases.length < 1) await new Promise(setImmediate);
    releases.shift()!();
    while (releases.length < 8) await new Promise(setImmediate);
    expect(taken).toBeLessThanOrEqual(25);
    const release = setInterval(() => releases.splice(0).forEach(go => go()), 0);
    expect(await all).toHaveLength(100);
    clearInterval(release);
    expect(state.most).toBe(8);
    expect(await texts(stream)).toEqual(upTo(100));
  });

  test('J13c at most windowBytes are in flight; one message may be larger', async () => {
    const stream = await newStream();
    const { js, state, releases } = held(stream.js);
    const all = sinkTo(stream, { js, windowBytes: 100, encode: n => new Uint8Array(n) }).nextBatch([40, 40, 40, 300]);
    const release = setInterval(() => releases.splice(0).forEach(go => go()), 0);
    await all;
    clearInterval(release);
    expect(state.most).toBe(2);
  });

  test('J13d a required subscriber hands over a batch, which is one window', async () => {
    const stream = await newStream();
    const broker = eventBroker<{ readonly type: 'N'; readonly n: number }>();
    const sink = jetStreamSink<{ readonly n: number }>({
      connection: stream.nc,
      js: stream.js,
      stream: stream.name,
      subjectOf: () => `${stream.name.toLowerCase()}.a`,
      encode: ({ n }) => textOf(n),
    });
    broker.subscribe({ name: 'nats', required: true, nextBatch: sink.nextBatch });
    broker.sendBatch(upTo(300).map(n => ({ type: 'N', n })));
    broker.send({ type: 'N', n: 301 });
    const { subscribers } = await lastValueFrom(broker.drain());
    expect(subscribers[0]).toMatchObject({ delivered: 301, failed: 0 });
    expect(await texts(stream)).toEqual(upTo(301));
  });

  test('J13e a value that fails fails after those before it are stored, and that call sends nothing after it', async () => {
    const stream = await newStream();
    const sink = sinkTo(stream, {
      encode: n => {
        if (n === 3) throw new Error('no bytes');
        return textOf(n);
      },
    });
    await expect(sink.nextBatch([1, 2, 3, 4])).rejects.toThrow('no bytes');
    await sink.nextBatch([5]);
    expect((await texts(stream)).filter(n => n !== 4)).toEqual([1, 2, 5]);
    const values: number[] = [];
    const all = lastValueFrom(sink.publish(from([1, 2, 3])).pipe(tap(({ value }) => values.push(value))));
    await expect(all).rejects.toThrow('no bytes');
    expect(values).toEqual([1, 2]);
  });

  test('J13f messages that were not sent when the subscription ends are not sent any more', async () => {
    const stream = await newStream();
    const { js, releases } = held(stream.js);
    const sink = sinkTo(stream, { js, window: 2 });
    const first = firstValueFrom(sink.publish(from(upTo(10))).pipe(take(1)));
    while (releases.length < 1) await new Promise(setImmediate);
    releases.shift()!();
    await first;
    const release = setInterval(() => releases.splice(0).forEach(go => go()), 0);
    await sink.nextBatch([11]);
    clearInterval(release);
    const stored = await texts(stream);
    expect(stored.at(-1)).toBe(11);
    expect(stored.slice(0, -1)).toEqual(upTo(stored.length - 1));
    expect(stored.length).toBeLessThanOrEqual(4);
  });

  test('J14a positions continue after a restart, and are in the ids', async () => {
    const stream = await newStream();
    const subjectOf = (n: number) => `${stream.name.toLowerCase()}.${n % 2}`;
    await sinkTo(stream, { subjectOf }).nextBatch([1, 2, 3]);
    await sinkTo(stream, { subjectOf }).nextBatch([4, 5]);
    expect((await stream.stored()).map(({ id }) => id.split('/').slice(0, 2).join(' '))).toEqual(
      ['1 1', '0 1', '1 2', '0 2', '1 3'].map(id => `${stream.name.toLowerCase()}.${id}`),
    );
  });

  test.each(['stream', 'subject'] as const)('J14b a second writer of the %s is an error', async writer => {
    const stream = await newStream();
    const [first, second] = [sinkTo(stream, { writer }), sinkTo(stream, { writer })];
    await first.nextBatch([1]);
    await second.nextBatch([2]);
    await expect(first.nextBatch([3, 4])).rejects.toMatchObject({
      name: 'SecondWriterError',
      stream: stream.name,
      sequence: 2,
    });
    expect(await texts(stream)).toEqual([1, 2]);
  });

  test.each(['stream', 'subject'] as const)('J14b messages that no sink wrote are an error (%s)', async writer => {
    const stream = await newStream();
    await stream.js.publish(`${stream.name.toLowerCase()}.a`, 'x');
    await expect(sinkTo(stream, { writer }).nextBatch([1])).rejects.toMatchObject({
      name: 'SecondWriterError',
      sequence: 1,
    });
  });

  test('J14e a gap that two writers left is an error of the next writer', async () => {
    const stream = await newStream();
    await sinkTo(stream).nextBatch([1, 2]);
    const subject = `${stream.name.toLowerCase()}.a`;
    await stream.js.publish(subject, 'x', { msgID: messageIdOf(subject, 4, textOf(4)) });
    await expect(sinkTo(stream).nextBatch([5])).rejects.toMatchObject({ name: 'SecondWriterError', sequence: 3 });
  });

  test('J14c writers of different subjects share a stream', async () => {
    const stream = await newStream();
    const sinks = ['a', 'b', 'c'].map(name =>
      sinkTo(stream, { writer: 'subject', subjectOf: () => `${stream.name.toLowerCase()}.${name}` }),
    );
    await Promise.all(sinks.map(sink => sink.nextBatch(upTo(100))));
    const stored = await stream.stored();
    for (const name of ['a', 'b', 'c']) {
      const own = stored.filter(({ subject }) => subject.endsWith(`.${name}`));
      expect(own.map(({ text }) => Number(text))).toEqual(upTo(100));
    }
  });

  test.each(['stream', 'subject'] as const)(
    'J14d with placeOf, what is stored is not stored again (%s)',
    async writer => {
      const stream = await newStream({ duplicate_window: 100_000_000 });
      const placeOf = (n: number) => BigInt(n);
      await sinkTo(stream, { writer, placeOf }).nextBatch(upTo(10));
      const values = await lastValueFrom(
        sinkTo(stream, { writer, placeOf })
          .publish(from(upTo(15, 5)))
          .pipe(toArray()),
      );
      expect(values.map(({ value, duplicate }) => (duplicate ? -value : value))).toEqual([
        ...upTo(10, 5).map(n => -n),
        ...upTo(15, 11),
      ]);
      expect(await texts(stream)).toEqual(upTo(15));
    },
  );

  test.each([
    ['stream', 0],
    ['stream', 2],
    ['subject', 0],
    ['subject', 2],
  ] as const)(
    'J13l a message that the server takes for a repeat of a deleted one is an error, not a value that is done (%s, %i kept)',
    async (writer, kept) => {
      const stream = await newStream();
      await sinkTo(stream, { writer }).nextBatch([1, 2, 3]);
      if (kept === 0) await stream.purge(0);
      else await stream.delete(3);
      const again = sinkTo(stream, { writer });
      await expect(again.nextBatch([kept + 1])).rejects.toMatchObject({
        name: 'DuplicateIdError',
        stream: stream.name,
        sequence: kept + 1,
      });
      expect(await texts(stream)).toEqual(upTo(kept));
      // another text has another id
      await again.nextBatch([9]);
      expect(await texts(stream)).toEqual([...upTo(kept), 9]);
    },
  );

  test('J15a a full stream pauses the source: one notice, nothing is lost, and it continues when there is room', async () => {
    const stream = await newStream({ max_msgs: 10, discard: 'new' as never });
    const notices = new Subject<Notice>();
    const seen: string[] = [];
    const isFull = new Promise<void>(resolve =>
      notices.subscribe(({ type }) => {
        seen.push(type);
        if (type === 'Full') resolve();
      }),
    );
    const stored: number[] = [];
    const all = lastValueFrom(
      sinkTo(stream, { notices })
        .publish(from(upTo(25)))
        .pipe(toArray()),
    );
    for (let room = 0; room < 2; room++) {
      if (room === 0) await isFull;
      while ((await stream.count()) < 10) await new Promise(setImmediate);
      stored.push(...(await texts(stream)));
      await stream.purge(0);
    }
    expect((await all).map(({ value }) => value)).toEqual(upTo(25));
    stored.push(...(await texts(stream)));
    expect(stored).toEqual(upTo(25));
    expect(seen[0]).toBe('Full');
    expect(seen.filter(type => type === 'Full').length).toBeLessThanOrEqual(2);
    expect(seen.at(-1)).toBe('Released');
  });

  test('J15a a stream that is full in bytes, too', async () => {
    const stream = await newStream({ max_bytes: 4000, discard: 'new' as never });
    const notices = new Subject<Notice>();
    const isFull = firstValueFrom(notices);
    const all = sinkTo(stream, { notices, encode: n => textOf(String(n).padStart(300)) }).nextBatch(upTo(20));
    expect(await isFull).toEqual({ type: 'Full', what: `stream ${stream.name}` });
    const before = await texts(stream);
    await stream.update({ max_bytes: 100_000 });
    await all;
    expect(before.length).toBeLessThan(20);
    expect(await texts(stream)).toEqual(upTo(20));
  });

  test('J15b a message that is too large is an immediate error, with its size and the bound', async () => {
    const stream = await newStream({ max_msg_size: 1000 });
    const sink = sinkTo(stream, { encode: n => new Uint8Array(n) });
    await expect(sink.nextBatch([10, 2000])).rejects.toMatchObject({ name: 'PublishSizeError', limit: 1000 });
    await expect(sink.nextBatch([2_000_000])).rejects.toMatchObject({ name: 'PublishSizeError', limit: 1_048_576 });
    await sink.nextBatch([20]);
    expect((await stream.stored()).map(({ text }) => text.length)).toEqual([10, 20]);
  });

  test('J13g a missing stream, and a subject that the stream does not take', async () => {
    const stream = await newStream();
    await expect(sinkTo(stream, { stream: 'NONE' }).nextBatch([1])).rejects.toMatchObject({
      name: 'NoSuchStreamError',
      stream: 'NONE',
      subject: undefined,
    });
    await expect(sinkTo(stream, { subjectOf: () => 'elsewhere.a' }).nextBatch([1])).rejects.toMatchObject({
      name: 'NoSuchStreamError',
      subject: 'elsewhere.a',
    });
  });

  test('J13h a connection that is closed is an error', async () => {
    const stream = await newStream();
    const nc = await connectTo(server.url);
    const { js, releases } = held(jetstream(nc));
    const sink = sinkTo(stream, { connection: nc, js });
    const batch = sink.nextBatch([1]);
    while (releases.length < 1) await new Promise(setImmediate);
    await nc.close();
    await expect(batch).rejects.toMatchObject({ name: 'SinkClosedError', count: 1 });
    await expect(sink.nextBatch([2])).rejects.toMatchObject({ name: 'SinkClosedError' });
  });

  test.each<[string, Record<string, unknown>]>([
    ['stream', { stream: 'a b' }],
    ['encode', { encode: undefined }],
    ['window', { window: 0 }],
    ['writer', { writer: 'single' }],
    ['timeout', { timeout: 0 }],
    ['subjectOf', { subjectOf: undefined }],
    ['js', { js: {} }],
  ])('O5a an invalid option is an OptionError: %s', async (option, wrong) => {
    const stream = { nc: { request() {}, status() {}, closed() {}, isClosed() {} }, js: { publish() {} }, name: 'S' };
    expect(() => sinkTo(stream as never, wrong)).toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });

  test.each<[string, Partial<JetStreamSinkOptions<number>>]>([
    ['subjectOf', { subjectOf: () => 'a.*' }],
    ['encode', { encode: () => 'text' as never }],
    ['placeOf', { placeOf: () => -1 }],
  ])('O5a what is no subject, no bytes, no place is an error of its value: %s', async (option, wrong) => {
    const stream = await newStream();
    await expect(sinkTo(stream, wrong).nextBatch([1])).rejects.toMatchObject({ name: 'OptionError', option });
  });
});
