import { left } from 'fp-ts/lib/Either.js';
import type { Decoder } from '../event/Decoder.js';
import { DecodeError } from '../event/DecodeError.js';
import { shown } from '../event/shown.js';
import { Envelope } from './envelope/Envelope.js';
import { eventTypes } from './eventTypes.js';
import { type KnownType, knownTypes } from './envelope/knownTypes.js';
import { LazyEvent } from './envelope/LazyEvent.js';
import type { VegaEvent } from './VegaEvent.js';
import { isBytes } from './wire/isBytes.js';
import { isPlain } from './wire/isPlain.js';
import { isMalformed, Malformed } from './wire/Malformed.js';

const payloadNames = new Map(eventTypes.map(({ payloadField, payloadName }) => [payloadField, payloadName]));

const envelope = new Envelope();

/** Reads `envelope` and returns its type. Throws `Malformed`. */
const readEnvelope = (bytes: Uint8Array): KnownType => {
  envelope.read(bytes);
  const { version, type, payloadField } = envelope;
  if (version !== 1) throw new Malformed('1', String(version), 'version');
  const known = type < knownTypes.length ? knownTypes[type] : undefined;
  if (known === undefined) throw new Malformed('a known type', String(type), 'type');
  if (!known.type.inStream) {
    throw new Malformed('a type that comes in a stream', `${known.type.number} (${known.type.name})`, 'type');
  }
  if (payloadField !== known.type.payloadField) {
    throw new Malformed(
      `${known.type.payloadName} (field ${known.type.payloadField ?? 0}), as its type is ${known.type.name}`,
      payloadField === 0 ? 'none' : `${payloadNames.get(payloadField) ?? ''} (field ${payloadField})`,
      'payload',
    );
  }
  return known;
};

const checkPayload = ({ codec, type }: KnownType, bytes: Uint8Array): void => {
  if (codec === undefined || isPlain(codec.plainRules, bytes, envelope.payloadStart, envelope.payloadEnd)) return;
  try {
    codec.check(bytes, envelope.payloadStart, envelope.payloadEnd);
  } catch (error) {
    if (isMalformed(error)) {
      error.field = error.field === undefined ? type.payloadName : `${type.payloadName}.${error.field}`;
    }
    throw error;
  }
};

/**
 * Decodes the bytes of a message into an event, lazily (promises E1–E4).
 *
 * `type`, `blockNr` and `sequence` are read immediately; `traceId`, `chainId`, `txHash`, `payload` and `compositeCount`
 * on first access. `decode` checks everything that could be invalid (bounds, wire types, ranges of numbers), in the
 * envelope and in payloads with a codec here, so reading a delivered event never throws. It does not check UTF-8, which
 * would take as long as all the rest: an invalid text contains U+FFFD. (A codec called directly, as in
 * `Order.decode(bytes)`, rejects it.)
 *
 * - E1: a wrong version, an invalid id, envelope or payload, a payload that is absent, repeated or of another type: a
 *   `DecodeError`, whose `path` begins with the event's id if that could be read.
 * - E2: types 0, 1, 36, 55, 59, 101 and unknown numbers: a `DecodeError` at `type`.
 * - E3: the payload of a type without a codec here is bytes: a view of the message, not a copy.
 *
 * An event keeps its bytes in memory, and with them the whole chunk that they were read in.
 *
 * @example
 * ```ts
 * bufferFiles({ directory: 'events' }).pipe(
 *   deserialize(vegaDecoder),
 *   verifySequence(),
 * );
 * ```
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const vegaDecoder: Decoder<VegaEvent> = {
  decode(bytes) {
    if (!isBytes(bytes))
      return left(new DecodeError({ path: 'message', expected: 'a Uint8Array', found: shown(bytes) }));
    try {
      const known = readEnvelope(bytes);
      checkPayload(known, bytes);
      // A literal: calling `right` through the getter of a CommonJS module took a quarter of the decoding time.
      return { _tag: 'Right', right: new LazyEvent(bytes, envelope, known) as VegaEvent };
    } catch (error) {
      if (!isMalformed(error)) throw error;
      const event = envelope.hasId ? `event ${envelope.blockNr}-${envelope.sequence}` : 'event';
      return left(
        new DecodeError({
          expected: error.expected,
          found: error.found,
          path: error.field === undefined ? event : `${event}, ${error.field}`,
        }),
      );
    }
  },
};
