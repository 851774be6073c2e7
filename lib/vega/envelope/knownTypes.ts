import { type EventType, eventTypes } from '../eventTypes.js';
import { payloadCodecs } from '../payloadCodecs.js';
import type { MessageCodec } from '../wire/message.js';

/** What the decoder knows about a type of event. */
export interface KnownType {
  readonly type: EventType;
  readonly codec: MessageCodec<unknown> | undefined;
}

const codecs = payloadCodecs as unknown as Readonly<Record<string, MessageCodec<unknown> | undefined>>;

// Arrays without holes: V8 reads them faster.
/** Indexed by the number of the type. */
export const knownTypes = new Array<KnownType | undefined>(
  1 + Math.max(...eventTypes.map(({ number }) => number)),
).fill(undefined);
/** Indexed by field number: not 0 for the fields of payloads. */
export const isPayload = new Uint8Array(1 + Math.max(...eventTypes.map(({ payloadField }) => payloadField ?? 0)));

for (const type of eventTypes) {
  knownTypes[type.number] = { type, codec: codecs[type.name] };
  if (type.payloadField !== undefined) isPayload[type.payloadField] = 1;
}
