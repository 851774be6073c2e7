import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { folderOf } from '../folder.js';
import { bytesOf, claiming, recordsOf } from '../records.js';
import { watchAll } from '../watch.js';

describe('R6d damage is an error with file and offset, after the messages before it', () => {
  const good = recordsOf(['good']);
  test.each([
    ['cut in the size', Buffer.concat([good, Uint8Array.of(0, 0)])],
    ['cut in the number', Buffer.concat([good, recordsOf(['more']).subarray(0, 9)])],
    ['cut in the message', Buffer.concat([good, recordsOf(['more']).subarray(0, 15)])],
    ['size 0', Buffer.concat([good, claiming(0, new Uint8Array(20))])],
    ['size 7', Buffer.concat([good, claiming(7, new Uint8Array(20))])],
    ['size 0xffffffff', Buffer.concat([good, claiming(0xffffffff, new Uint8Array(20))])],
    ['a text', Buffer.concat([good, bytesOf('a text, which is long enough')])],
  ])('%s', async (_, content) => {
    const directory = folderOf({ a: content, b: recordsOf(['after']) });
    const { texts, end } = await watchAll(bufferFiles({ directory }));
    expect(texts).toEqual(['good']);
    expect(end).toMatchObject({ name: 'BufferFileError', file: join(directory, 'a'), offset: 16 });
  });

  test('a record does not continue in the next file', async () => {
    const file = recordsOf(['cut']);
    const directory = folderOf({ a: file.subarray(0, 13), b: file.subarray(13) });
    expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({ file: join(directory, 'a'), offset: 0 });
  });

  test('an empty file holds no records', async () => {
    expect((await watchAll(bufferFiles({ directory: folderOf({ a: '', b: recordsOf(['1']) }) }))).texts).toEqual(['1']);
  });

  test('maxMessageBytes is exact', async () => {
    const directory = folderOf({ a: recordsOf(['12345', '123456']) });
    const { texts, end } = await watchAll(bufferFiles({ directory, maxMessageBytes: 5 }));
    expect(texts).toEqual(['12345']);
    expect(end).toMatchObject({ offset: 17, expected: "a record's size from 8 to 13", found: '14' });
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 32])('maxMessageBytes: %d is invalid', maxMessageBytes => {
    expect(() => bufferFiles({ directory: '.', maxMessageBytes })).toThrow(
      expect.objectContaining({ name: 'OptionError', option: 'maxMessageBytes' }),
    );
  });
});
