import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { printRecord } from '../../../../lib/source/disk/format/record.js';
import { RecordFramer } from '../../../../lib/source/disk/recordings/RecordFramer.js';
import { bytesOf, claiming, recordsOf, textOf } from '../records.js';

const mebibyte = 1024 * 1024;

/** What comes out of these chunks: the messages, and the end or the error. */
const framed = (chunks: readonly Uint8Array[], maxMessageBytes = 64 * mebibyte) => {
  const framer = new RecordFramer('f.evt', maxMessageBytes);
  const messages: string[] = [];
  try {
    for (const chunk of chunks) {
      framer.push(chunk);
      for (let message = framer.take(); message !== undefined; message = framer.take()) messages.push(textOf(message));
    }
    framer.finish();
    return { messages, end: 'whole' };
  } catch (error) {
    return { messages, end: (error as Error).message.replace(/ \(\S+#\w+\)$/, '') };
  }
};

const bytewise = (bytes: Uint8Array) => Array.from(bytes, byte => Uint8Array.of(byte));

describe('R1a records are found however the bytes are cut into chunks', () => {
  test('any records, any chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 40 })),
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1 }),
        (texts, cuts) => {
          const file = recordsOf(texts);
          const chunks: Uint8Array[] = [];
          for (let at = 0, next = 0; at < file.length; next++) {
            const bytes = next > 200 ? 64 : cuts[next % cuts.length]!;
            chunks.push(file.subarray(at, at + bytes));
            at += bytes;
          }
          expect(framed(chunks)).toEqual({ messages: texts, end: 'whole' });
        },
      ),
    );
  });

  test('a message larger than many chunks', () => {
    const text = 'x'.repeat(100_000);
    const file = recordsOf(['a', text, 'b']);
    expect(framed(bytewise(file))).toEqual({ messages: ['a', text, 'b'], end: 'whole' });
  });

  test('an empty message at the end of a chunk', () => {
    const file = recordsOf(['a', '', 'b']);
    for (let cut = 0; cut <= file.length; cut++)
      expect(framed([file.subarray(0, cut), file.subarray(cut)])).toEqual({ messages: ['a', '', 'b'], end: 'whole' });
  });

  test('without bytes there are no records', () => expect(framed([])).toEqual({ messages: [], end: 'whole' }));
});

describe('R6b a truncated file', () => {
  const file = recordsOf(['one', 'three']);
  const starts = [0, 15];
  const lengths = [15, 17];

  test.each(Array.from({ length: file.length }, (_, at) => [at]))('after %i bytes', cut => {
    const which = starts.findLastIndex(start => start <= cut);
    const have = cut - starts[which]!;
    const messages = ['one', 'three'].slice(0, which);
    const ends =
      have === 0
        ? 'whole'
        : have < 4
          ? `f.evt, offset ${starts[which]!}: expected 4 bytes of a record's size, found the end of the file after ${have}`
          : `f.evt, offset ${starts[which]!}: expected a record of ${lengths[which]!} bytes, ` +
            `found the end of the file after ${have}, in its ${have < 12 ? 'number' : 'message'}`;
    expect(framed([file.subarray(0, cut)])).toEqual({ messages, end: ends });
    expect(framed(bytewise(file.subarray(0, cut)))).toEqual({ messages, end: ends });
  });
});

describe('R6a an invalid size', () => {
  const before = recordsOf(['one']);
  const expected = (found: string) => ({
    messages: ['one'],
    end: `f.evt, offset 15: expected a record's size from 8 to 67108872, found ${found}`,
  });

  test.each([0, 7, 64 * mebibyte + 9, 0x7fffffff, 0x80000000, 0xffffffff])('%i', size => {
    const file = Buffer.concat([before, claiming(size, new Uint8Array(30))]);
    expect(framed([file])).toEqual(expected(String(size)));
    expect(framed(bytewise(file))).toEqual(expected(String(size)));
  });

  test('and the file ends after it', () => {
    expect(framed([Buffer.concat([before, claiming(0xffffffff)])])).toEqual(expected('4294967295'));
  });

  test('a text is reported as such', () => {
    expect(framed([bytesOf('Hello, world\n')]).end).toBe(
      `f.evt, offset 0: expected a record's size from 8 to 67108872, found 1214606444, the text "Hell": is it a text file?`,
    );
  });

  test('the bounds are exact', () => {
    expect(framed([printRecord(0, new Uint8Array(10))], 10).messages).toHaveLength(1);
    expect(framed([printRecord(0, new Uint8Array(11))], 10).end).toContain('from 8 to 18, found 19');
  });

  test('R6e memory is allocated for bytes that exist, not for bytes that a size claims', () => {
    const framer = new RecordFramer('f.evt', 0xfffffff0);
    const before = process.memoryUsage().arrayBuffers;
    framer.push(claiming(0xfffffff8, new Uint8Array(100)));
    expect(framer.take()).toBeUndefined();
    for (let chunk = 0; chunk < 16; chunk++) {
      framer.push(new Uint8Array(65536));
      expect(framer.take()).toBeUndefined();
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * mebibyte);
  });
});
