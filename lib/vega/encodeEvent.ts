import type { BusEvent } from '../event/BusEvent.js';
import { shown, shownText } from '../event/shown.js';
import { EncodeError } from './EncodeError.js';
import { eventTypes, type VegaType } from './eventTypes.js';
import { payloadCodecs, type VegaPayload } from './payloadCodecs.js';
import { bytes, text } from './wire/contents.js';
import type { Field } from './wire/Field.js';
import type { MessageCodec } from './wire/message.js';
import { count } from './wire/scalars.js';
import { WireWriter } from './wire/WireWriter.js';

/** The types of event that can be encoded. */
type EncodableType = VegaType | 'ProtocolUpgradeDataNodeReady';

/**
 * The argument of `encodeEvent`: an event without its composite count, which is not on the wire.
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export type EncodableEvent = {
  [T in EncodableType]: Omit<BusEvent<T, VegaPayload<T>>, 'compositeCount'>;
}[EncodableType];

const typesByName = new Map(eventTypes.map(type => [type.name as string, type]));
const codecs = payloadCodecs as unknown as Readonly<Record<string, MessageCodec<unknown> | undefined>>;
const position = count(1);
const strings = { traceId: text(2), chainId: text(5), txHash: text(6) };
const writer = new WireWriter();

const mustBe = <A>(field: Field<A>, value: A, path: string): A => {
  if (field.is(value)) return value;
  throw new EncodeError({ expected: field.expected, found: shown(value), path });
};

const encodePayload = (type: string, payload: unknown): Uint8Array => {
  const codec = codecs[type];
  if (codec !== undefined) return codec.encode(payload);
  return mustBe(bytes(1), payload as Uint8Array, `${type}.payload`);
};

const isEvent = (event: unknown): boolean => typeof event === 'object' && event !== null;

/**
 * Encodes an event as the bytes of a message, without the framing of files or sockets.
 *
 * The payload is a value if its type has a codec here, otherwise bytes. `ProtocolUpgradeDataNodeReady` is allowed as well:
 * it is the answer of a data node, and never comes in a stream. Throws `EncodeError` for a value that cannot be encoded.
 *
 * @param event - With the payload of its type.
 * @example
 * ```ts
 * const bytes = encodeEvent({
 *   type: 'EndBlock',
 *   blockNr: 7,
 *   sequence: 9,
 *   traceId: 'ab',
 *   chainId: 'main',
 *   txHash: '',
 *   payload: { height: 7 },
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const encodeEvent = (event: EncodableEvent): Uint8Array => {
  if (!isEvent(event)) throw new EncodeError({ expected: 'an event', found: shown(event), path: 'event' });
  const name: string = event.type;
  const type = typesByName.get(name);
  if (type?.payloadField === undefined) {
    throw new EncodeError({ expected: 'a type with a payload', found: shownText(name), path: 'event.type' });
  }
  const id = `${mustBe(position, event.blockNr, 'event.blockNr')}-${mustBe(position, event.sequence, 'event.sequence')}`;
  const traceId = mustBe(strings.traceId, event.traceId, 'event.traceId');
  const chainId = mustBe(strings.chainId, event.chainId, 'event.chainId');
  const txHash = mustBe(strings.txHash, event.txHash, 'event.txHash');
  const payload = encodePayload(name, event.payload);
  // No getter of the event may run from here on: the writer is shared.
  writer.begin();
  writer.tag(1, 2);
  writer.text(id);
  strings.traceId.write(writer, traceId);
  writer.tag(3, 0);
  writer.number(type.number);
  writer.tag(4, 0);
  writer.number(1);
  strings.chainId.write(writer, chainId);
  strings.txHash.write(writer, txHash);
  writer.tag(type.payloadField, 2);
  writer.content(payload);
  return writer.finish();
};
