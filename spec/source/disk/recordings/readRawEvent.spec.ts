import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isNone, none } from 'fp-ts/lib/Option.js';
import { printRecord } from '../../../../lib/source/disk/format/record.js';
import { readRawEvent } from '../../../../lib/source/disk/recordings/readRawEvent.js';
import { folderOf } from '../folder.js';
import { bytesOf, claiming, recordsOf } from '../records.js';

const fileOf = (content: Uint8Array) => join(folderOf({ a: content }), 'a');

describe('R5a one record at an offset', () => {
  test('message, number and bytes; the next one begins after them', async () => {
    const file = fileOf(Buffer.concat([printRecord(7, bytesOf('one')), printRecord(2 ** 40, bytesOf(''))]));
    expect(await readRawEvent(file, 0)).toMatchObject({
      value: { message: bytesOf('one'), sequenceNumber: 7n, totalBytes: 15 },
    });
    expect(await readRawEvent(file, 15)).toMatchObject({
      value: { message: bytesOf(''), sequenceNumber: 2n ** 40n, totalBytes: 12 },
    });
    expect(await readRawEvent(file, 27)).toEqual(none);
    expect(await readRawEvent(file, 1000)).toEqual(none);
  });

  test('R5b nothing while it is not complete, at every byte', async () => {
    const record = recordsOf(['message']);
    for (let cut = 0; cut < record.length; cut++)
      expect(isNone(await readRawEvent(fileOf(record.subarray(0, cut)), 0))).toBe(true);
    expect(isNone(await readRawEvent(fileOf(record), 0))).toBe(false);
  });
});

describe('R6d an error with file and offset', () => {
  test.each([0, 7, 0xffffffff])('for the invalid size %i', async size => {
    const file = fileOf(Buffer.concat([recordsOf(['one']), claiming(size, new Uint8Array(20))]));
    await expect(readRawEvent(file, 15)).rejects.toMatchObject({
      name: 'BufferFileError',
      file,
      offset: 15,
      expected: "a record's size from 8 to 67108872",
      found: String(size),
    });
  });

  test('past maxMessageBytes', async () => {
    const file = fileOf(recordsOf(['123456']));
    expect(isNone(await readRawEvent(file, 0, { maxMessageBytes: 6 }))).toBe(false);
    await expect(readRawEvent(file, 0, { maxMessageBytes: 5 })).rejects.toMatchObject({ found: '14' });
  });

  test('a claimed size that is not in the file takes no memory', async () => {
    const file = fileOf(claiming(64 * 1024 * 1024, new Uint8Array(20)));
    const before = process.memoryUsage().arrayBuffers;
    expect(await readRawEvent(file, 0)).toEqual(none);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
  });

  test('for a missing file', async () => {
    const file = join(folderOf(), 'nowhere');
    await expect(readRawEvent(file, 3)).rejects.toMatchObject({
      name: 'BufferFileError',
      file,
      offset: 3,
      cause: { code: 'ENOENT' },
    });
  });

  test.each([-1, 0.5, NaN, Infinity, '0', 0n, null, undefined])('an offset of %p is an OptionError', async offset => {
    const file = fileOf(recordsOf(['1', '2']));
    await expect(readRawEvent(file, offset as number)).rejects.toMatchObject({ name: 'OptionError', option: 'offset' });
  });

  test('other options too', async () => {
    const file = fileOf(recordsOf(['1']));
    await expect(readRawEvent('', 0)).rejects.toMatchObject({ name: 'OptionError', option: 'file' });
    await expect(readRawEvent(file, 0, { maxMessageByte: 5 } as object)).rejects.toMatchObject({
      name: 'OptionError',
      option: 'maxMessageByte',
    });
  });
});
