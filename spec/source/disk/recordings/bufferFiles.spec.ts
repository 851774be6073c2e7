import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { printArchivedName, printLiveName } from '../../../../lib/source/disk/format/fileName.js';
import { bufferFiles } from '../../../../lib/source/disk/recordings/bufferFiles.js';
import { folderOf } from '../folder.js';
import { numbered } from './numbered.js';
import { recordsOf } from '../records.js';
import { noticeLog, watchAll } from '../watch.js';

test('R1 R4a a file of many reads, of chunks that end inside records, is read whole', async () => {
  const texts = Array.from({ length: 3000 }, (_, at) => `${at} ${'x'.repeat(at % 700)}`);
  const bytes = recordsOf(texts);
  expect(bytes.length).toBeGreaterThan(3 * 256 * 1024);
  expect(await watchAll(bufferFiles({ directory: folderOf({ a: bytes }) }))).toMatchObject({ texts, end: 'complete' });
});

describe('R2 which files, and in which order', () => {
  test('R2b R2c archived ones by time, then live ones by number', async () => {
    const directory = folderOf({
      [printLiveName(100, 199)]: recordsOf(['f']),
      [printLiveName(20, 99)]: recordsOf(['e']),
      [printLiveName(9, 19)]: recordsOf(['d']),
      [printArchivedName(20n, 1, 2)]: recordsOf(['c']),
      [`${printArchivedName(10n, 5, 8)}.gz`]: gzipSync(recordsOf(['b'])),
      [printArchivedName(9n, 500, 501)]: recordsOf(['a']),
    });
    expect(await watchAll(bufferFiles({ directory }))).toMatchObject({
      texts: ['a', 'b', 'c', 'd', 'e', 'f'],
      end: 'complete',
    });
  });

  test('R2d names without numbers by name', async () => {
    const directory = folderOf({ 'b.evt': recordsOf(['2']), 'a.evt': recordsOf(['1']), c: recordsOf(['3']) });
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['1', '2', '3']);
  });

  test('folders, hidden files and locks are ignored; links to files are followed', async () => {
    const elsewhere = folderOf({ x: recordsOf(['linked']) });
    const directory = folderOf({ a: recordsOf(['1']), '.hidden': 'no', LOCK: '17', 'b.lock': '17' });
    mkdirSync(join(directory, 'archive'));
    symlinkSync(join(elsewhere, 'x'), join(directory, 'b'));
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['1', 'linked']);
  });

  test('a gzipped copy beside its numbered file is not read twice', async () => {
    const name = printArchivedName(1n, 1, 2);
    const directory = folderOf({ [name]: recordsOf(['1']), [`${name}.gz`]: gzipSync(recordsOf(['1'])) });
    expect((await watchAll(bufferFiles({ directory }))).texts).toEqual(['1']);
  });

  test('R2e numbered and other names in one folder are an error that names one of each', async () => {
    const directory = folderOf({ [printLiveName(1, 2)]: recordsOf(['1']), 'a.evt': recordsOf(['2']) });
    const { texts, end } = await watchAll(bufferFiles({ directory }));
    expect(texts).toEqual([]);
    expect(end).toMatchObject({
      name: 'MixedFileNamesError',
      numbered: printLiveName(1, 2),
      other: 'a.evt',
      directory,
    });
  });

  test('R2g an empty folder is an error that names it', async () => {
    const directory = folderOf({ '.hidden': 'no' });
    const { end } = await watchAll(bufferFiles({ directory }));
    expect(end).toMatchObject({ name: 'NoBufferFilesError', directory });
    expect((end as Error).message).toContain(
      `${directory}: expected a folder with files of records, found no files in it`,
    );
  });

  test('R2g so is a missing folder, and a file in its place', async () => {
    const directory = join(folderOf({ file: '' }), 'nowhere');
    expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({
      name: 'NoBufferFilesError',
      directory,
      found: expect.stringContaining('ENOENT'),
      cause: { code: 'ENOENT' },
    });
    const file = join(directory, '..', 'file');
    expect((await watchAll(bufferFiles({ directory: file }))).end).toMatchObject({
      name: 'NoBufferFilesError',
      found: expect.stringContaining('ENOTDIR'),
    });
  });

  test('a link to nothing is an error that names it', async () => {
    const directory = folderOf();
    symlinkSync(join(directory, 'nowhere'), join(directory, 'a.evt'));
    expect((await watchAll(bufferFiles({ directory }))).end).toMatchObject({
      name: 'BufferFileError',
      file: join(directory, 'a.evt'),
    });
  });
});

describe('R4 it completes, and reports its progress', () => {
  test('R4b in bytes done of the bytes of all files, to the last one', async () => {
    const directory = folderOf({ a: recordsOf(numbered(10_000)), b: gzipSync(recordsOf(numbered(10_000))), c: '' });
    const { notices, observer } = noticeLog();
    await watchAll(bufferFiles({ directory, notices: observer }));
    const progress = notices.flatMap(notice => (notice.type === 'Progress' ? [notice] : []));
    const total = progress[0]!.totalBytes;
    expect(progress.every(({ totalBytes }) => totalBytes === total)).toBe(true);
    expect(progress.map(({ bytes }) => bytes)).toEqual(progress.map(({ bytes }) => bytes).sort((x, y) => x - y));
    expect(progress.at(-1)).toMatchObject({ file: join(directory, 'c'), bytes: total });
    expect(new Set(progress.map(({ file }) => file))).toEqual(new Set(['a', 'b', 'c'].map(f => join(directory, f))));
    // one a chunk, not one a record
    expect(progress.length).toBeLessThan(20);
  });
});
