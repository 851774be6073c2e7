import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { folderOf } from '../folder.js';
import { numbered } from './numbered.js';
import { recordsOf } from '../records.js';
import { noticeLog, watchAll } from '../watch.js';

describe('R1d gzip is detected by its first bytes', () => {
  test('whatever the name says', async () => {
    const directory = folderOf({ 'a.evt': gzipSync(recordsOf(['1'])), 'b.gz': recordsOf(['2']) });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({ texts: ['1', '2'], end: 'complete' });
  });

  test('R6c several members, as `cat a.gz b.gz` makes them', async () => {
    const members = [recordsOf(['1']).subarray(0, 5), recordsOf(['1']).subarray(5)].map(bytes => gzipSync(bytes));
    expect((await watchAll(bufferFiles({ directory: folderOf({ a: Buffer.concat(members) }) }))).texts).toEqual(['1']);
  });

  test('much more than a chunk', async () => {
    const texts = numbered(20_000);
    const directory = folderOf({ a: gzipSync(recordsOf(texts)) });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({ texts, end: 'complete' });
  });

  test('R6b a file that is truncated anywhere is an error that names it', async () => {
    const packed = gzipSync(recordsOf(['one', 'two']));
    for (let cut = 1; cut < packed.length; cut++) {
      const directory = folderOf({ 'a.gz': packed.subarray(0, cut) });
      expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({
        name: 'BufferFileError',
        file: join(directory, 'a.gz'),
      });
    }
  });

  test('R6 a flipped bit is an error, or does not affect the content', async () => {
    const packed = gzipSync(recordsOf(['one', 'two']));
    const directory = folderOf();
    let harmless = 0;
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const damaged = Buffer.from(packed);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(join(directory, 'a'), damaged);
      const { texts, end } = await watchAll(bufferFiles({ directory }));
      if (end === 'complete') {
        harmless++;
        expect(texts).toEqual(['one', 'two']);
      } else expect(end).toMatchObject({ name: 'BufferFileError', file: join(directory, 'a') });
    }
    // what the header says of time and system, and the bits that fill up the last byte
    expect(harmless).toBeLessThan(60);
  });

  test('R6 messages that were unpacked before the cut are emitted', async () => {
    const texts = Array.from({ length: 5000 }, (_, at) => `${at} ${Math.sin(at)}`);
    const packed = gzipSync(recordsOf(texts));
    const directory = folderOf({ 'a.gz': packed.subarray(0, packed.length - 100) });
    const watched = await watchAll(bufferFiles({ directory }));
    expect(watched.texts.length).toBeGreaterThan(1000);
    expect(watched.texts).toEqual(texts.slice(0, watched.texts.length));
    expect((watched.end as Error).message).toContain(
      'expected a complete, undamaged gzip file, found Z_BUF_ERROR, unexpected end',
    );
  });

  const two = [gzipSync(recordsOf(['one'])), gzipSync(recordsOf(['two'], 1))] as const;
  const zeroed = (from: number, to: number) => Buffer.from(two[1]).fill(0, from, to);
  test.each<[string, Uint8Array]>([
    ['a record that is not packed', recordsOf(['two'], 1)],
    ['text', Buffer.from('anything')],
    ['one byte', Buffer.of(7)],
    ['a member whose first byte is a zero', zeroed(0, 1)],
    ['a member whose header is zeros', zeroed(0, 10)],
    ['a few zeros', Buffer.alloc(64)],
    ['a header that is cut', two[1].subarray(0, 5)],
    ['a block of 512 that is not all zeros', Buffer.alloc(512).fill(7, 511)],
    ['zeros, and then a byte', Buffer.concat([Buffer.alloc(512), Buffer.of(7)])],
  ])('R6c behind a member: %s: an error, after what is before it', async (_, rest) => {
    const directory = folderOf({ 'a.gz': Buffer.concat([two[0], rest]) });
    const { texts, end } = await watchAll(bufferFiles({ directory }));
    expect(texts).toEqual(['one']);
    expect(end).toMatchObject({ name: 'BufferFileError', file: join(directory, 'a.gz'), offset: 15 });
  });

  test.each([
    ['blocks of 512 zeros', 512],
    ['zeros that fill the last block of 512', 512 - ((two[0].length + two[1].length) % 512)],
  ])('R6c %s at the end are padding', async (_, zeros) => {
    const directory = folderOf({ a: Buffer.concat([...two, Buffer.alloc(zeros)]) });
    const { observer, notices } = noticeLog();
    const { texts, end } = await watchAll(bufferFiles({ directory, notices: observer }));
    expect([texts, end]).toEqual([['one', 'two'], 'complete']);
    const last = notices.filter(({ type }) => type === 'Progress').at(-1);
    expect(last).toMatchObject({ bytes: two[0].length + two[1].length + zeros });
  });

  test('a header with every optional field', async () => {
    const packed = gzipSync(recordsOf(['one']));
    const fields = Buffer.from([3, 0, 1, 2, 3, ...Buffer.from('name\0comment\0'), 0, 0]);
    const header = Buffer.from(packed.subarray(0, 10)).fill(4 + 8 + 16 + 2, 3, 4);
    const directory = folderOf({ a: Buffer.concat([header, fields, packed.subarray(10)]) });
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['one']);
  });
});
