import { describe, expect, jest, test as jestTest } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { jetStreamSource } from 'rx-event-broker/nats';
import { natsBinary } from '../natsBinary.js';
import { connectTo, startCluster, until } from '../natsServer.js';
import { consumer, released } from './consumer.js';
import { memoryPosition, numbers, publish } from './publishing.js';

jest.setTimeout(60_000);
const binary = natsBinary('spec/nats/source/jetStreamSource.cluster');
const test = binary === undefined ? jestTest.skip : jestTest;

describe('J6 a cluster of three', () => {
  test('J6b the leader of the stream is killed while it is read: no error, no repeat, no gap', async () => {
    const servers = await startCluster({ binary: binary! });
    const urls = servers.map(({ url }) => url);
    const [writing, reading] = [await connectTo(urls), await connectTo(urls)];
    const manager = await jetstreamManager(writing, { checkAPI: false });
    await until('a stream', async () => {
      await manager.streams.add({ name: 'S', subjects: ['s.>'], num_replicas: 3 });
      return true;
    });
    await publish(writing, 's.a', numbers(100));
    const one = consumer();
    const position = memoryPosition();
    const source = jetStreamSource({ connection: reading, stream: 'S', position, everyMs: 0, notices: one.observer });
    const subscription = one.open(source);
    await one.until(() => one.received.length === 100);

    const leader = (await manager.streams.info('S')).cluster!.leader!;
    const killed = servers[Number(leader.split('-')[1])]!;
    await killed.kill();
    for (const n of numbers(5, 101)) {
      await until('a publication', async () => {
        await publish(writing, 's.a', [n], Number(n));
        return true;
      });
    }
    const began = performance.now();
    await one.until(() => one.received.length === 105);
    // a loop of fetches of the client goes on after up to 4.4 s
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(one.texts()).toEqual(numbers(105));
    expect(one.errors).toEqual([]);

    // a leader that steps down is no more than a pause
    await until('a new leader', async () => {
      const answer = await writing.request('$JS.API.STREAM.LEADER.STEPDOWN.S', '', { timeout: 1000 });
      return answer.json<{ success?: boolean }>().success === true;
    });
    await until('a publication', async () => {
      await publish(writing, 's.a', ['106'], 106);
      return true;
    });
    await one.until(() => one.received.length === 106);
    expect(one.texts()).toEqual(numbers(106));
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    await Promise.all([writing.close(), reading.close()]);
    await Promise.all(servers.map(server => server.remove()));
  });
});
