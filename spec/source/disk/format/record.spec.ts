import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { printRecord, readNumber, readSize } from '../../../../lib/source/disk/format/record.js';
import { bytesOf, recordsOf } from '../records.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test.each([
  ['an empty message', 0, '', '00000008' + '0000000000000000'],
  ['two bytes', 1, 'hi', '0000000a' + '0000000000000001' + '6869'],
  ['a number of more than 32 bits', 2 ** 40 + 258, '!', '00000009' + '0000010000000102' + '21'],
  ['the last safe number', Number.MAX_SAFE_INTEGER, '', '00000008' + '001fffffffffffff'],
])('R1 %s, byte by byte', (_, number, text, expected) => {
  expect(hex(printRecord(number, bytesOf(text)))).toBe(expected);
});

test('R1 printed records are read back', () => {
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.uint8Array(), (number, message) => {
      const record = printRecord(number, message);
      expect(readSize(record, 0)).toBe(8 + message.length);
      expect(readNumber(record, 0)).toBe(BigInt(number));
      expect(record.subarray(12)).toEqual(message);
    }),
  );
});

test('R1 sizes and numbers are unsigned', () => {
  const ones = new Uint8Array(12).fill(0xff);
  expect(readSize(ones, 0)).toBe(0xffffffff);
  expect(readNumber(ones, 0)).toBe(2n ** 64n - 1n);
});

test('R1a the worked bytes of docs/formats.md', () => {
  const page = readFileSync('docs/formats.md', 'utf8');
  const rows = [...page.matchAll(/^\| \d+ .*?\|((?: `[0-9a-f ]+` +\|)+)/gm)].map(row =>
    row[1]!.replace(/[^0-9a-f]/g, ''),
  );
  expect(rows.join('')).toBe(hex(recordsOf(['hi', '', 'bye'])));
});
