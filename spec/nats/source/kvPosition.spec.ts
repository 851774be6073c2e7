import { describe, expect, jest } from '@jest/globals';
import { OptionError } from 'rx-event-broker';
import { jetStreamSource, kvPosition, type KeyValue } from 'rx-event-broker/nats';
import { firstValueFrom, Subject, take, VirtualTimeScheduler } from 'rxjs';
import { until } from '../natsServer.js';
import { consumer, released } from './consumer.js';
import { onNats } from './onNats.js';
import { numbers, publish } from './publishing.js';

jest.setTimeout(30_000);
const { test, here, connect, newStream, newBucket } = onNats('spec/nats/source/kvPosition');

describe('J1 the position in a KV bucket', () => {
  test('J1c it is read, created, updated, and read again, also after a deletion', async () => {
    const bucket = await newBucket('simple');
    const position = kvPosition(bucket, 'a');
    expect(await position.read()).toBeUndefined();
    await position.write!('one');
    await position.write!('two');
    expect(await kvPosition(bucket, 'a').read()).toBe('two');
    expect(await kvPosition(bucket, 'b').read()).toBeUndefined();
    await bucket.delete('a');
    const anew = kvPosition(bucket, 'a');
    expect(await anew.read()).toBeUndefined();
    await anew.write!('three');
    expect(await kvPosition(bucket, 'a').read()).toBe('three');
  });

  test('J1c a process that was not the last writer writes nothing, not even the same text', async () => {
    const bucket = await newBucket('conflict');
    const [first, second] = [kvPosition(bucket, 'a'), kvPosition(bucket, 'a')];
    expect([await first.read(), await second.read()]).toEqual([undefined, undefined]);
    await first.write!('one');
    await expect(second.write!('one')).rejects.toMatchObject({ name: 'PositionConflictError', key: 'a', revision: 0 });
    await second.read();
    await second.write!('two');
    await expect(first.write!('two')).rejects.toMatchObject({ name: 'PositionConflictError', revision: 1 });
    expect(await kvPosition(bucket, 'a').read()).toBe('two');
  });

  test('J1c two sources with one position: the one that lags errors, and the position does not move back', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(5));
    const bucket = await newBucket('two-sources');
    const open = async () => {
      const one = consumer({ settles: false });
      const nc = await connect();
      const position = kvPosition(bucket, 'a');
      const source = jetStreamSource({ connection: nc, stream, position, everyMs: 0, notices: one.observer });
      return { ...one, subscription: one.open(source) };
    };
    const [one, two] = [await open(), await open()];
    await Promise.all([one, two].map(each => each.until(() => each.received.length === 5)));
    two.settle(4);
    await until('the position', async () => (await bucket.get('a'))?.string().includes('"sequence":4') === true);
    one.settle(2);
    await one.until(() => one.errors.length === 1);
    expect(one.errors[0]?.name).toBe('PositionConflictError');
    expect((await bucket.get('a'))?.string()).toContain('"sequence":4');
    await one.until(() => released(one) === 1);
    two.subscription.unsubscribe();
    await two.until(() => released(two) === 1);
  });

  test('J1d a write whose answer was lost is recognised; one that was not stored is repeated', async () => {
    const real = await newBucket('lost-answers');
    const fails = ['after', 'before'];
    const lost = async (store: () => Promise<number>): Promise<number> => {
      const when = fails.shift();
      if (when === 'before') throw Object.assign(new Error('timeout'), { name: 'TimeoutError' });
      const revision = await store();
      if (when === 'after') throw Object.assign(new Error('timeout'), { name: 'TimeoutError' });
      return revision;
    };
    const bucket: KeyValue = {
      get: key => real.get(key),
      create: (key, value) => lost(() => real.create(key, value)),
      update: (key, value, revision) => lost(() => real.update(key, value, revision)),
    };
    const position = kvPosition(bucket, 'a');
    await position.read();
    for (const text of ['one', 'two', 'three']) await position.write!(text);
    expect(fails).toEqual([]);
    expect(await position.read()).toBe('three');
    expect((await real.get('a'))?.revision).toBe(3);
  });

  test('J1d a position that is written while the server is away waits for it', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(4));
    const bucket = await newBucket('outage');
    const one = consumer({ settles: false });
    const position = kvPosition(bucket, 'a');
    const source = jetStreamSource({ connection: here().nc, stream, position, everyMs: 0, notices: one.observer });
    const subscription = one.open(source);
    await one.until(() => one.received.length === 4);
    await here().server.kill();
    one.settle(4);
    await here().server.start();
    await until('the position', async () => (await bucket.get('a'))?.string().includes('"sequence":4') === true);
    expect(one.errors).toEqual([]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J1f a source that is unsubscribed from waits 10 s for its last position, and then reports that it is not stored', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(4));
    const real = await newBucket('never-written');
    const tried$ = new Subject<void>();
    const timeout = (): Promise<never> => {
      tried$.next();
      return Promise.reject(Object.assign(new Error('timeout'), { name: 'TimeoutError' }));
    };
    const bucket: KeyValue = { get: key => real.get(key), create: timeout, update: timeout };
    const scheduler = new VirtualTimeScheduler(undefined, 0);
    const one = consumer();
    const position = kvPosition(bucket, 'a');
    const source = jetStreamSource({
      connection: here().nc,
      stream,
      position,
      everyMs: 60_000,
      scheduler,
      notices: one.observer,
    });
    const subscription = one.open(source);
    await one.until(() => one.received.length === 4);
    const tried = firstValueFrom(tried$);
    subscription.unsubscribe();
    await tried;
    scheduler.maxFrames = 9999;
    scheduler.flush();
    await firstValueFrom(tried$);
    expect(released(one)).toBe(0);
    scheduler.maxFrames = 10_000;
    scheduler.flush();
    await one.until(() => released(one) === 1);
    expect(one.notices.flatMap(notice => (notice.type === 'Failed' ? [notice.error] : []))).toEqual([
      expect.objectContaining({
        name: 'StreamUnavailableError',
        missing: 'the last position was not stored within 10000 ms',
      }),
    ]);
  });

  test('J1f the source does not wait for a position that was not read yet', async () => {
    const { stream } = await newStream();
    const asked$ = new Subject<void>();
    const timeout = (): Promise<never> => {
      asked$.next();
      return Promise.reject(Object.assign(new Error('timeout'), { name: 'TimeoutError' }));
    };
    const bucket: KeyValue = { get: timeout, create: timeout, update: timeout };
    const one = consumer();
    const position = kvPosition(bucket, 'a');
    const source = jetStreamSource({ connection: here().nc, stream, position, notices: one.observer });
    const subscription = one.open(source);
    await firstValueFrom(asked$.pipe(take(2)));
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(one.notices.filter(({ type }) => type === 'Failed')).toEqual([]);
  });

  test('J9g an invalid bucket or key is rejected by the call', async () => {
    const bucket = await newBucket('options');
    expect(() => kvPosition({} as KeyValue, 'a')).toThrow(OptionError);
    expect(() => kvPosition(bucket, 'a b')).toThrow(OptionError);
    await expect(kvPosition(bucket, 'a').write!('x')).rejects.toThrow('call read() before write()');
  });
});
