import { describe, expect, jest, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { jetStreamSource } from 'rx-event-broker/nats';
import { until } from '../natsServer.js';
import { consumer, released } from './consumer.js';
import { memoryPosition, numbers, publish } from './publishing.js';

jest.setTimeout(30_000);
const OLD = 'nats://127.0.0.1:4222';

/** The server that this machine has, if it is older than those that the other specs start. */
const connectToOld = async (): Promise<NatsConnection | undefined> => {
  const nc = await connect({ servers: OLD, reconnect: false, timeout: 1000 }).catch(() => undefined);
  const [major = 0, minor = 0] = (nc?.info?.version ?? '0.0').split('.').map(Number);
  if (nc !== undefined && nc.info?.jetstream === true && major === 2 && minor >= 9 && minor < 12) return nc;
  await nc?.close();
  console.warn(`SKIPPED: what an old server does needs one of 2.9 to 2.11 with JetStream at ${OLD}`);
  return undefined;
};

describe('J2 J9 an old server', () => {
  test('J2a, J9f it is read like a new one, and cannot prove its durability', async () => {
    const nc = await connectToOld();
    if (nc === undefined) return;
    const manager = await jetstreamManager(nc, { checkAPI: false });
    const stream = `OLD-${process.pid}`;
    const subject = `old-${process.pid}.a`;
    await manager.streams.add({ name: stream, subjects: [`old-${process.pid}.>`], max_msgs: 5000 });
    try {
      await publish(nc, subject, [...numbers(1499), 'x'.repeat(100_000)]);
      const one = consumer();
      const position = memoryPosition();
      const source = jetStreamSource({
        connection: nc,
        stream,
        subject,
        position,
        maxBytes: 65_536,
        everyMs: 0,
        notices: one.observer,
      });
      const subscription = one.open(source);
      await one.until(() => one.received.length === 1500);
      expect(one.sequences()).toEqual(numbers(1500).map(Number));
      await until('the position', async () => position.last() === 1500);
      subscription.unsubscribe();
      await one.until(() => released(one) === 1);
    } finally {
      await manager.streams.delete(stream);
      await nc.close();
    }
  });
});
