import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { printRecord } from '../../../../lib/source/disk/format/record.js';
import {
  isChecksumOf,
  readChecksum,
  CHECKSUM_BYTES,
  writeChecksum,
} from '../../../../lib/source/disk/format/checksums.js';
import { bytesOf } from '../records.js';

const entryOf = (end: number, last: number, batch: Uint8Array) => {
  const entry = new Uint8Array(CHECKSUM_BYTES);
  writeChecksum(crc32, entry, 0, { end, last, batch });
  return entry;
};

test('D8 the worked entry of docs/formats.md', () => {
  const batch = printRecord(1, bytesOf('hi'));
  const bytes = Buffer.from(entryOf(batch.length, 1, batch)).toString('hex');
  const spaced = bytes.match(/../g)!.join(' ');
  const [end, last, crc] = [spaced.slice(0, 23), spaced.slice(24, 47), spaced.slice(48)];
  const row = readFileSync('docs/formats.md', 'utf8')
    .split('\n')
    .find(line => line.includes(`\`${end}\``));
  expect(row?.split('|').map(cell => cell.trim())).toEqual(['', `\`${end}\``, `\`${last}\``, `\`${crc}\``, '']);
});

test('D8 an entry fits its batch alone: every flipped bit of either is detected', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 40 }), (end, last, batch) => {
      const entry = entryOf(end, last, batch);
      expect(readChecksum(entry, 0)).toMatchObject({ end, last });
      expect(isChecksumOf(crc32, entry, 0, batch)).toBe(true);
      for (const bytes of [entry, batch])
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          bytes[bit >> 3]! ^= 1 << (bit & 7);
          if (isChecksumOf(crc32, entry, 0, batch)) throw new Error(`bit ${bit}`);
          bytes[bit >> 3]! ^= 1 << (bit & 7);
        }
    }),
    { numRuns: 20 },
  );
});
