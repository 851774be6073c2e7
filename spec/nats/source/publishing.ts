import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type { PositionStore } from '../../../lib/flow/contract/PositionStore.js';
import { messageIdOf } from '../../../lib/nats/messageId.js';

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
