import { afterAll, beforeAll, test as jestTest } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { jetstreamManager, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { natsBinary } from '../natsBinary.js';
import { connectTo, startServer, type NatsServer, type NatsServerOptions } from '../natsServer.js';

export interface NatsUnderTest {
  readonly server: NatsServer;
  readonly nc: NatsConnection;
  readonly manager: JetStreamManager;
}

/** A server of the spec's own, with a connection for the test itself. Its tests are skipped where there is no server. */
export const onNats = (who: string, options: Partial<NatsServerOptions> = {}) => {
  const binary = natsBinary(who);
  const test = binary === undefined ? jestTest.skip : jestTest;
  let made: NatsUnderTest | undefined;
  let streams = 0;
  const opened: NatsConnection[] = [];
  const here = (): NatsUnderTest => made!;

  beforeAll(async () => {
    if (binary === undefined) return;
    const server = await startServer({ binary, ...options });
    const nc = await connectTo(server.url);
    made = { server, nc, manager: await jetstreamManager(nc, { checkAPI: false }) };
  });
  afterAll(async () => {
    await Promise.all(opened.map(nc => nc.close()));
    await made?.nc.close();
    await made?.server.remove();
  });

  return {
    test,
    here,
    connect: async (url = here().server.url, more = {}): Promise<NatsConnection> => {
      const nc = await connectTo(url, more);
      opened.push(nc);
      return nc;
    },
    /** A stream of its own: its name, in small letters, is the first token of its subjects. */
    newStream: async (config: Partial<StreamConfig> = {}): Promise<{ stream: string; subject: string }> => {
      const stream = `S${++streams}`;
      await here().manager.streams.add({ name: stream, subjects: [`s${streams}.>`], ...config });
      return { stream, subject: `s${streams}.a` };
    },
    newBucket: async (name: string) => new Kvm(here().nc).create(name),
  };
};
