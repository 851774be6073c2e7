import { jetstream, type JetStreamClient, jetstreamManager, type StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectTo } from '../natsServer.js';

/** A stream of a spec, and who looks into it: over a connection that nobody cuts. */
export interface StreamUnderTest {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly name: string;
  /** The number of the server of a cluster that leads it. */
  leader(): Promise<number>;
  update(config: Partial<StreamConfig>): Promise<void>;
  purge(keep: number): Promise<void>;
  /** Deletes one message. */
  delete(sequence: number): Promise<void>;
  remove(): Promise<void>;
  /** All that is stored, in order. */
  stored(): Promise<readonly { readonly subject: string; readonly id: string; readonly text: string }[]>;
  count(): Promise<number>;
}

let made = 0;

/** Creates a stream `S<n>` with the subjects `s<n>.>`. */
export const streamOn = async (
  server: { readonly url: string | readonly string[] },
  config: Partial<StreamConfig> = {},
): Promise<StreamUnderTest> => {
  const nc = await connectTo(server.url);
  const jsm = await jetstreamManager(nc);
  const js = jetstream(nc);
  const n = ++made;
  const name = `S${n}`;
  await jsm.streams.add({ name, subjects: [`s${n}.>`], ...config });
  return {
    nc,
    js,
    name,
    leader: async () => Number((await jsm.streams.info(name)).cluster!.leader!.split('-').at(-1)),
    update: async more => {
      await jsm.streams.update(name, more);
    },
    purge: async keep => {
      await jsm.streams.purge(name, { keep });
    },
    delete: async sequence => {
      await jsm.streams.deleteMessage(name, sequence);
    },
    remove: () => nc.close(),
    count: async () => (await jsm.streams.info(name)).state.messages,
    stored: async () => {
      const messages: { readonly subject: string; readonly id: string; readonly text: string }[] = [];
      const { messages: count } = (await jsm.streams.info(name)).state;
      if (count === 0) return messages;
      const consumer = await js.consumers.get(name);
      // on a busy machine a fetch ends before it has all
      while (messages.length < count)
        for await (const { subject, headers, data } of await consumer.fetch({
          max_messages: count - messages.length,
        })) {
          messages.push({ subject, id: headers?.get('Nats-Msg-Id') ?? '', text: new TextDecoder().decode(data) });
        }
      return messages;
    },
  };
};

export const textOf = (value: unknown): Uint8Array => new TextEncoder().encode(String(value));

/** 1 to `count`. */
export const upTo = (count: number, from = 1): readonly number[] =>
  Array.from({ length: count - from + 1 }, (_, i) => from + i);
