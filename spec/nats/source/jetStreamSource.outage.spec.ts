import { describe, expect, jest } from '@jest/globals';
import type { Notice } from 'rx-event-broker';
import { jetStreamSource, type JetStreamSourceOptions } from 'rx-event-broker/nats';
import { until } from '../natsServer.js';
import { tcpProxy } from '../tcpProxy.js';
import { consumer, released, waited } from './consumer.js';
import { onNats } from './onNats.js';
import { memoryPosition, numbers, publish } from './publishing.js';

jest.setTimeout(60_000);
const { test, here, connect, newStream } = onNats('spec/nats/source/jetStreamSource.outage', {
  syncInterval: 'always',
});

/** A reader on a connection of its own. */
const reader = async (
  stream: string,
  options: Partial<JetStreamSourceOptions> = {},
  where: { readonly url?: string | undefined } = {},
) => {
  const one = consumer();
  const position = memoryPosition();
  const nc = await connect(where.url);
  const source = jetStreamSource({ connection: nc, stream, position, everyMs: 0, notices: one.observer, ...options });
  return { ...one, nc, position, open: () => one.open(source) };
};

const portOf = (url: string): number => Number(new URL(url).port);

const stalled = ({ notices }: { readonly notices: readonly Notice[] }): (string | undefined)[] =>
  notices.flatMap(notice => (notice.type === 'Stalled' ? [notice.cause] : []));

/** All messages have come, in order, each once, and there was no error. */
const expectAll = (one: Awaited<ReturnType<typeof reader>>, count: number): void => {
  expect(one.errors).toEqual([]);
  expect(one.texts()).toEqual(numbers(count));
};

describe('J6 outages are waited for', () => {
  test('J6a a server that is killed and restarted: no error, no repeat, no gap, and it continues immediately', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(50));
    const one = await reader(stream);
    const subscription = one.open();
    await one.until(() => one.received.length === 50);
    await here().server.kill();
    await one.until(() => waited(one).length === 1);
    expect(waited(one)).toEqual([`stream ${stream}: there is no connection to a server`]);
    await here().server.start();
    await until('a publication', async () => {
      await publish(here().nc, subject, ['51'], 51);
      return true;
    });
    const began = performance.now();
    await one.until(() => one.received.length === 51);
    expect(performance.now() - began).toBeLessThan(3000);
    expectAll(one, 51);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(one.position.last()).toBe(51);
  });

  test('J6a a server that hangs and continues: silence is noticed, nothing comes twice', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(10));
    const one = await reader(stream);
    const subscription = one.open();
    await one.until(() => one.received.length === 10);
    here().server.freeze();
    await one.until(() => waited(one).length > 0);
    expect(waited(one)[0]).toMatch(/no heartbeat for 1500 ms; reading again from sequence 11|no connection/);
    here().server.thaw();
    await until('a publication', async () => {
      await publish(here().nc, subject, ['11'], 11);
      return true;
    });
    await one.until(() => one.received.length === 11);
    expectAll(one, 11);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J6a bytes in small pieces, some late, and connections that are cut inside messages', async () => {
    const { stream, subject } = await newStream();
    const count = 400;
    await publish(here().nc, subject, numbers(count));
    let n = 0;
    let cuts = 0;
    const proxy = await tcpProxy(portOf(here().server.url), {
      toClient: {
        cutAfter: () => 6000 + 777 * cuts++,
        piece: () => 1 + ((n * 37) % 700),
        delay: () => (n++ % 50 === 0 ? 2 : 0),
      },
    });
    const one = await reader(stream, { batchSize: 50 }, { url: proxy.url });
    const subscription = one.open();
    await one.until(() => one.received.length === count);
    expect(proxy.cuts).toBeGreaterThan(1);
    expectAll(one, count);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    await one.nc.close();
    await proxy.close();
  });

  test('J6c after giveUpAfter it is an error that says what is missing', async () => {
    const { stream } = await newStream();
    const one = await reader(stream, { giveUpAfter: 700, stallAfter: 100 });
    one.open();
    await until('a consumer', async () => (await here().manager.streams.info(stream)).state.consumer_count === 1);
    await here().server.kill();
    await one.until(() => one.errors.length === 1);
    expect(one.errors[0]).toMatchObject({
      name: 'StreamUnavailableError',
      stream,
      missing: 'given up after 700 ms: there is no connection to a server',
    });
    // J8a before that, it was told that it lasts
    expect(stalled(one)).toEqual(['there is no connection to a server']);
    await one.until(() => released(one) === 1);
    await here().server.start();
    await until('the connection', async () => (await here().manager.streams.info(stream)).state.messages === 0);
  });

  test.each(['close', 'drain'] as const)(
    'J6d a connection that the program ends (%s) is an error, not silence',
    async how => {
      const { stream, subject } = await newStream();
      await publish(here().nc, subject, ['1']);
      const one = await reader(stream);
      one.open();
      await one.until(() => one.received.length === 1);
      await one.nc[how]();
      await one.until(() => one.errors.length === 1);
      expect(one.errors[0]).toMatchObject({ name: 'StreamUnavailableError', missing: 'the connection is closed' });
      await one.until(() => released(one) === 1);
      // and so is one that is closed already
      const late = consumer();
      late.open(jetStreamSource({ connection: one.nc, stream, position: memoryPosition() }));
      await late.until(() => late.errors.length === 1);
      expect(late.errors[0]).toMatchObject({ missing: 'the connection is closed' });
    },
  );
});

describe('J7 deleted streams and consumers', () => {
  test('J7a a stream that is deleted while it is read is an error that says so', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, ['1']);
    const one = await reader(stream);
    one.open();
    await one.until(() => one.received.length === 1);
    await here().manager.streams.delete(stream);
    await one.until(() => one.errors.length === 1);
    expect(one.errors[0]).toMatchObject({ name: 'StreamGoneError', stream });
    await one.until(() => released(one) === 1);
  });

  test('J7c a consumer that is deleted on the server is created again: no error, no repeat', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(3));
    const one = await reader(stream);
    const subscription = one.open();
    await one.until(() => one.received.length === 3);
    for await (const { name } of here().manager.consumers.list(stream))
      await here().manager.consumers.delete(stream, name);
    await publish(here().nc, subject, ['4'], 4);
    await one.until(() => one.received.length === 4);
    expectAll(one, 4);
    expect(waited(one)).toEqual([
      `stream ${stream}: the server reported 409 Consumer Deleted; reading again from sequence 4`,
    ]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J7d a stream that is deleted and created again while it is read does not count as the same', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, numbers(3));
    const one = await reader(stream);
    one.open();
    await one.until(() => one.received.length === 3);
    const { config } = await here().manager.streams.info(stream);
    await here().manager.streams.delete(stream);
    await here().manager.streams.add({ name: stream, subjects: config.subjects });
    await one.until(() => one.errors.length === 1);
    expect(one.errors[0]?.name).toBe('StreamConfigError');
    await one.until(() => released(one) === 1);
  });

  test('J9b messages that expire unread: the reader that is too slow is notified', async () => {
    const { stream, subject } = await newStream({ max_msgs: 10 });
    await publish(here().nc, subject, numbers(3));
    const one = await reader(stream, { batchSize: 3 });
    one.open();
    await one.until(() => one.received.length === 3);
    await one.nc.reconnect();
    await publish(here().nc, subject, numbers(30, 4), 4);
    await one.until(() => one.received.length === 33 || one.errors.length === 1);
    // either it was fast enough, or it says what is missing: never a hole
    if (one.errors.length === 0) expectAll(one, 33);
    else expect(['ExpiredError', 'StreamMessageError']).toContain(one.errors[0]?.name);
    await until('the end', async () => {
      if (one.errors.length === 0) await one.nc.close();
      return released(one) === 1;
    });
  });
});

describe('J8 no message arrives although there are more', () => {
  test('J8a a consumer that is paused on the server: Stalled reports it, and the source continues when that ends', async () => {
    const { stream, subject } = await newStream();
    await publish(here().nc, subject, ['1']);
    const one = await reader(stream, { stallAfter: 500 });
    const subscription = one.open();
    await one.until(() => one.received.length === 1);
    const names: string[] = [];
    for await (const { name } of here().manager.consumers.list(stream)) names.push(name);
    await here().manager.consumers.pause(stream, names[0]!, new Date(Date.now() + 60_000));
    await publish(here().nc, subject, ['2'], 2);
    await one.until(() => stalled(one).length === 1);
    expect(stalled(one)).toEqual(['its consumer is paused, with 1 messages pending']);
    await here().manager.consumers.resume(stream, names[0]!);
    await one.until(() => one.received.length === 2);
    expectAll(one, 2);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
  });

  test('J8b an idle stream is no stall', async () => {
    const { stream } = await newStream();
    const one = await reader(stream, { stallAfter: 0 });
    const subscription = one.open();
    await until('a consumer', async () => (await here().manager.streams.info(stream)).state.consumer_count === 1);
    const asked = here().nc;
    await asked.flush();
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(stalled(one)).toEqual([]);
  });

  test('J8c no server answers JetStream requests', async () => {
    const one = await reader('S', { apiPrefix: '$JS.nowhere.API', stallAfter: 100, giveUpAfter: 1200 });
    one.open();
    await one.until(() => one.errors.length === 1);
    expect(one.errors[0]?.message).toMatch(
      /given up after 1200 ms: no responders to STREAM.INFO: JetStream is not enabled/,
    );
    expect(stalled(one)).toEqual(['no responders to STREAM.INFO: JetStream is not enabled, or has no leader yet']);
  });
});

test('J9f proven durability causes no notice', async () => {
  const { stream, subject } = await newStream();
  await publish(here().nc, subject, ['1']);
  const { monitor } = here().server;
  const one = await reader(stream, {
    durability: { replicas: 1, storage: 'file', sync: 'always', monitor: [monitor] },
  });
  const subscription = one.open();
  await one.until(() => one.received.length === 1);
  expect(one.notices).toEqual([]);
  subscription.unsubscribe();
  await one.until(() => released(one) === 1);
});
