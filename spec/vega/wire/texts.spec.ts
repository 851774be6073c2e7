import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RecentIds } from '../../../lib/vega/wire/RecentText.js';
import { readText } from '../../../lib/vega/wire/text.js';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the text of any bytes is what a TextDecoder makes of them', () => {
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 80 }).map(bytesOf));
  const ids = new RecentIds();
  fc.assert(
    fc.property(bytes, fc.nat(3), (middle, before) => {
      const all = new Uint8Array(before + middle.length + 2).fill(0x41);
      all.set(middle, before);
      const text = utf8.decode(middle);
      expect(readText(all, before, before + middle.length)).toBe(text);
      expect(ids.read(all, before, before + middle.length)).toBe(text);
      expect(ids.read(all, before, before + middle.length)).toBe(text);
    }),
    { numRuns: 2000 },
  );
});

test('ids that share a cache slot are not confused', () => {
  const ids = new RecentIds();
  const end = 'f00'; // the place is told by the length and the last bytes
  const texts = ['a', 'b', 'c'].map(start => `${start.repeat(61)}${end}`);
  for (const text of [...texts, ...texts]) expect(ids.read(bytesOf(text), 0, 64)).toBe(text);
});
