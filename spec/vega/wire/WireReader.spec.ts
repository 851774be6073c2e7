import { expect, test } from '@jest/globals';
import { Malformed } from '../../../lib/vega/wire/Malformed.js';
import { WireReader } from '../../../lib/vega/wire/WireReader.js';

test.each([
  [[0x7f], 127],
  [[0x80, 0x01], 128],
  [[0xff, 0x7f], 16_383],
  [[0x80, 0x80, 0x01], 16_384],
  [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], Number.MAX_SAFE_INTEGER],
])('a varint of %p is %p, with other bytes around it', (bytes, value) => {
  const reader = new WireReader(Uint8Array.of(1, ...bytes, 1), 1, 1 + bytes.length);
  expect([reader.number(), reader.at]).toEqual([value, 1 + bytes.length]);
});

test.each([[[]], [[0x80]], [[0x80, 0x80]]])(
  'a varint that is truncated after %p reads no byte after the end',
  bytes => {
    const reader = new WireReader(Uint8Array.of(...bytes, 1, 1), 0, bytes.length);
    expect(() => reader.number()).toThrow(Malformed);
  },
);
