import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { bufferFiles } from '../../../lib/source/disk/bufferFiles.js';
import { folderOf } from './folder.js';
import { numbered } from './numbered.js';
import { recordsOf } from './records.js';
import { watchAll } from './watch.js';

describe('R1 gzip is known by its first bytes', () => {
  test('whatever the name says', async () => {
    const directory = folderOf({ 'a.evt': gzipSync(recordsOf(['1'])), 'b.gz': recordsOf(['2']) });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({ texts: ['1', '2'], end: 'complete' });
  });

  test('several members, as `cat a.gz b.gz` makes them', async () => {
    const members = [recordsOf(['1']).subarray(0, 5), recordsOf(['1']).subarray(5)].map(bytes => gzipSync(bytes));
    expect((await watchAll(bufferFiles({ directory: folderOf({ a: Buffer.concat(members) }) }))).texts).toEqual(['1']);
  });

  test('much more than a chunk', async () => {
    const texts = numbered(20_000);
    const directory = folderOf({ a: gzipSync(recordsOf(texts)) });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({ texts, end: 'complete' });
  });

  test('R6 cut anywhere it is an error with the file', async () => {
    const packed = gzipSync(recordsOf(['one', 'two']));
    for (let cut = 1; cut < packed.length; cut++) {
      const directory = folderOf({ 'a.gz': packed.subarray(0, cut) });
      expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({
        name: 'BufferFileError',
        file: join(directory, 'a.gz'),
      });
    }
  });

  test('R6 a flipped bit is an error, or is of no matter to what is packed', async () => {
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

  test('R6 what was unpacked before the cut is given', async () => {
    const texts = Array.from({ length: 5000 }, (_, at) => `${at} ${Math.sin(at)}`);
    const packed = gzipSync(recordsOf(texts));
    const directory = folderOf({ 'a.gz': packed.subarray(0, packed.length - 100) });
    const watched = await watchAll(bufferFiles({ directory }));
    expect(watched.texts.length).toBeGreaterThan(1000);
    expect(watched.texts).toEqual(texts.slice(0, watched.texts.length));
    expect((watched.end as Error).message).toContain(
      'expected a whole, sound gzip file, found Z_BUF_ERROR, unexpected end',
    );
  });
});
