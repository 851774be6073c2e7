// What the independent reader reads, in the words of this library; and the recording that both read.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { payloadType } from './schema.js';

export { codecNames, envelopeType, payloadType, withCodec, type WithCodec } from './schema.js';

const enums: Readonly<Record<string, readonly string[]>> = {
  side: ['unspecified', 'buy', 'sell'],
  aggressor: ['unspecified', 'buy', 'sell'],
  action: ['unspecified', 'start', 'end'],
  status: 'unspecified active expired cancelled stopped filled rejected partiallyFilled parked'.split(' '),
  type: ['unspecified', 'limit', 'market', 'network'],
};
const named = (message: string, field: string): boolean =>
  message === 'Order' ||
  (message === 'Trade' && field === 'aggressor') ||
  (message === 'EpochUpdate' && field === 'action');

/** What protobufjs reads, in the words of this library. */
export const reference = (name: string, bytes: Uint8Array): unknown => {
  const type = payloadType(name);
  const read = type.toObject(type.decode(bytes), { longs: String, defaults: true, arrays: true }) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(
    Object.entries(read).map(([key, value]) => {
      const kind = type.fields[key]!.type;
      const field = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      if (kind === 'int32' && enums[field] !== undefined && named(name, field)) {
        return [field, enums[field][value as number] ?? value];
      }
      const isCount = /height|^seq$/i.test(field);
      if (kind === 'uint64' || kind === 'int64') return [field, isCount ? Number(value) : BigInt(value as string)];
      return [field, kind === 'bytes' ? [...(value as Uint8Array)] : value];
    }),
  );
};

/** As `reference` gives them: bytes of whatever class as a list. */
export const comparable = (payload: object): unknown =>
  Object.fromEntries(
    Object.entries(payload).map(([key, value]: [string, unknown]) => [
      key,
      ArrayBuffer.isView(value) ? [...(value as Uint8Array)] : value,
    ]),
  );

const recordedFile = join(__dirname, '../../../shared/recorded-events/system_tests.evt.gz');
export const isRecordingThere = existsSync(recordedFile);

/** The messages of the recorded file. Its framing is read here by hand: size, sequence number, message. */
export const recordedMessages = (): readonly Uint8Array[] => {
  const file = gunzipSync(readFileSync(recordedFile));
  const messages: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += 4 + file.readUInt32BE(at)) {
    messages.push(new Uint8Array(file.buffer, file.byteOffset + at + 12, file.readUInt32BE(at) - 8));
  }
  return messages;
};
