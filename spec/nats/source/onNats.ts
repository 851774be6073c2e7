import { afterAll, beforeAll, test as jestTest } from '@jest/globals';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { jetstream, jetstreamManager, type JetStreamManager, type StreamConfig } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { PositionStore } from 'rx-event-broker';
import { messageIdOf } from '../../../lib/nats/messageId.js';
import { natsBinary } from '../natsBinary.js';
import { connectTo, startServer, type NatsServer, type NatsServerOptions } from '../natsServer.js';

const bytes = new TextEncoder();

/** Publishes texts as `jetStreamSink` does, with their ids from `from` on. Resolves when all are stored. */
export const publish = async (
  nc: NatsConnection,
  subject: string,
  texts: readonly string[],
  from = 1,
): Promise<void> => {
  const js = jetstream(nc);
  await Promise.all(
    texts.map((text, i) => js.publish(subject, text, { msgID: messageIdOf(subject, from + i, bytes.encode(text)) })),
  );
};

/** Publishes a text with an id of the test's, or without any. */
export const publishForeign = async (nc: NatsConnection, subject: string, text: string, id = ''): Promise<void> => {
  const h = headers();
  if (id !== '') h.set('Nats-Msg-Id', id);
  await jetstream(nc).publish(subject, text, { headers: h });
};

export const numbers = (count: number, from = 1): string[] => Array.from({ length: count }, (_, i) => String(from + i));

/** A position in memory, which says what was written. */
export const memoryPosition = (start?: string): PositionStore & { readonly written: string[]; last(): number } => {
  const written: string[] = start === undefined ? [] : [start];
  return {
    written,
    last: () => (JSON.parse(written.at(-1) ?? '{"sequence":0}') as { sequence: number }).sequence,
    read: async () => written.at(-1),
    write: async text => {
      written.push(text);
    },
  };
};

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
