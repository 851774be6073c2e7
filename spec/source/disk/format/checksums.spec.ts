import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseCursor, printSlot, slotCount, slotDistance } from '../../../../lib/source/disk/format/cursorSlot.js';
import { printRecord } from '../../../../lib/source/disk/format/record.js';
import {
  isChecksumOf,
  readChecksum,
  checksumBytes,
  writeChecksum,
} from '../../../../lib/source/disk/format/checksums.js';
import { bytesOf } from '../records.js';

const entryOf = (end: number, last: number, batch: Uint8Array) => {
  const entry = new Uint8Array(checksumBytes);
  writeChecksum(entry, 0, end, last, batch);
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

test('D8 an entry is of its batch alone: every other one, and every flipped bit, is found', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 40 }), (end, last, batch) => {
      const entry = entryOf(end, last, batch);
      expect(readChecksum(entry, 0)).toMatchObject({ end, last });
      expect(isChecksumOf(entry, 0, batch)).toBe(true);
      for (const bytes of [entry, batch])
        for (let bit = 0; bit < bytes.length * 8; bit++) {
          bytes[bit >> 3]! ^= 1 << (bit & 7);
          if (isChecksumOf(entry, 0, batch)) throw new Error(`bit ${bit}`);
          bytes[bit >> 3]! ^= 1 << (bit & 7);
        }
    }),
    { numRuns: 20 },
  );
});

test('D5 of the slots of a cursor the newest sound one counts', () => {
  const file = new Uint8Array(slotDistance * slotCount);
  expect(parseCursor(file)).toBeUndefined();
  [5, 9, 7].forEach((generation, slot) => {
    file.set(printSlot({ generation, acknowledged: slot, synced: 2 ** 40 }), slot * slotDistance);
  });
  expect(parseCursor(file)).toEqual({ generation: 9, acknowledged: 1, synced: 2 ** 40, slot: 1 });
  file[slotDistance + 12]! ^= 1;
  expect(parseCursor(file)).toMatchObject({ generation: 7, slot: 2 });
  expect(parseCursor(file.subarray(0, slotDistance + 20))).toMatchObject({ generation: 5, slot: 0 });
});
