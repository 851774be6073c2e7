// The journal of a parking (promise B22k): records as in `record.ts`, whose numbers rise by one. A message is
//
//     crc    4 bytes, big-endian: CRC-32 of the number of the record, then of the rest of the message
//     line   JSON in UTF-8
//
// docs/formats.md describes it.
import { readWord, writeWord, type Crc32 } from './bytes.js';
import { HEADER_BYTES, readNumber, readSize, SIZE_BYTES, writeHeader } from './record.js';

const CRC_BYTES = 4;
/** Bytes of the number of a record. */
const NUMBER_BYTES = HEADER_BYTES - SIZE_BYTES;

/**
 * One line of the journal: a parked event, the ids of removed events, or the highest id that was assigned before the
 * lines that follow.
 */
export type ParkingLine =
  | readonly [
      type: 'parked',
      id: number,
      subscriber: string,
      key: string | null,
      at: number,
      error: string | null,
      event: string,
    ]
  | readonly [type: 'removed', ...ids: number[]]
  | readonly [type: 'begin', lastId: number];

export const printParkingLine = (crc32: Crc32, number: number, line: ParkingLine): Uint8Array => {
  const text = new TextEncoder().encode(JSON.stringify(line));
  const record = new Uint8Array(HEADER_BYTES + CRC_BYTES + text.length);
  writeHeader(record, 0, number, CRC_BYTES + text.length);
  record.set(text, HEADER_BYTES + CRC_BYTES);
  writeWord(record, HEADER_BYTES, crc32(text, crc32(record.subarray(SIZE_BYTES, HEADER_BYTES))));
  return record;
};

/** The line that begins at `at`, and where it ends. `undefined` unless it is complete, undamaged and has this number. */
export const readParkingLine = (
  crc32: Crc32,
  bytes: Uint8Array,
  at: number,
  number: number | undefined,
): { readonly number: number; readonly line: ParkingLine; readonly end: number } | undefined => {
  if (bytes.length - at < HEADER_BYTES + CRC_BYTES) return undefined;
  const end = at + SIZE_BYTES + readSize(bytes, at);
  if (end < at + HEADER_BYTES + CRC_BYTES || end > bytes.length) return undefined;
  const found = Number(readNumber(bytes, at));
  if (number !== undefined && found !== number) return undefined;
  const text = bytes.subarray(at + HEADER_BYTES + CRC_BYTES, end);
  const covered = bytes.subarray(at + SIZE_BYTES, at + SIZE_BYTES + NUMBER_BYTES);
  if (crc32(text, crc32(covered)) !== readWord(bytes, at + HEADER_BYTES)) return undefined;
  return { number: found, line: JSON.parse(new TextDecoder().decode(text)) as ParkingLine, end };
};
