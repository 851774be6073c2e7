import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BehaviorSubject, EMPTY } from 'rxjs';
import type { FileSystem } from '../../../../lib/source/disk/buffer/fileSystem/FileSystem.js';
import { bufferRun, directory as inMemory, drained, open, trickle } from './bufferRun.js';
import { FaultyFiles } from './FaultyFiles.js';
import { folderOf } from '../folder.js';
import { recordsOf } from '../records.js';
import { runAll, runSome, textsOf } from './runBuffer.js';
import { noticeLog } from '../watch.js';

/** What a folder holds, but for what the buffer itself puts there. */
const visible = (directory: string) =>
  readdirSync(directory)
    .filter(name => !name.startsWith('.'))
    .map(name => [name, readFileSync(join(directory, name))]);

const run = async (directory: string, options: object = {}) => {
  const { observer, notices, until } = noticeLog();
  const watched = await runAll(EMPTY, { directory, notices: observer, ...options });
  await until('Released');
  return { ...watched, notices };
};

describe('D9a files without checksums are read by the rules of the format', () => {
  test('D9b a folder that was copied without its hidden files', async () => {
    const [old, copy] = [folderOf(), folderOf()];
    await runSome(open(textsOf(10)), { directory: old, eventsPerFile: 4 }, 1);
    for (const [name] of visible(old)) copyFileSync(join(old, name as string), join(copy, name as string));
    const { texts, end, notices } = await run(copy);
    expect([texts, end]).toEqual([textsOf(10), 'complete']);
    expect(notices.filter(({ type }) => type === 'Unchecked')).toEqual([
      { type: 'Unchecked', file: join(copy, 'datanode-buffer-1-4.bevt'), events: 4 },
      { type: 'Unchecked', file: join(copy, 'datanode-buffer-5-8.bevt'), events: 4 },
      { type: 'Unchecked', file: join(copy, 'datanode-buffer-9-12.bevt'), events: 2 },
    ]);
  });

  test("D9b a Go node's live folder, whose older files are missing, and whose newest record was cut off; then it continues", async () => {
    const newest = Buffer.concat([recordsOf(['g', 'h'], 7), recordsOf(['cut off'], 9).subarray(0, 14)]);
    const directory = folderOf({
      'datanode-buffer-4-6.bevt': recordsOf(['d', 'e', 'f'], 4),
      'datanode-buffer-7-9.bevt': newest,
    });
    const { texts } = await runSome(open(['i', 'j']), { directory, eventsPerFile: 3 }, 6);
    expect(texts).toEqual(['d', 'e', 'f', 'g', 'h', 'i']);
    const again = await run(directory);
    expect([again.texts, again.notices.map(({ type }) => type)]).toEqual([
      ['i', 'j'],
      expect.not.arrayContaining(['Unchecked']),
    ]);
  });

  test('records larger than a batch, and many in one', async () => {
    const texts = ['small', 'L'.repeat(200_000), ...textsOf(5000), 'M'.repeat(70_000)];
    const directory = folderOf({ 'datanode-buffer-1-9999.bevt': recordsOf(texts, 1) });
    expect((await run(directory)).texts).toEqual(texts);
  });

  test('an empty newest file, whose creation was interrupted', async () => {
    const directory = folderOf({ 'datanode-buffer-1-4.bevt': '' });
    const { texts, notices } = await run(directory);
    expect([texts, notices.map(({ type }) => type)]).toEqual([[], expect.not.arrayContaining(['Unchecked'])]);
  });
});

describe('D9c or it is an error that touches nothing', () => {
  const record = (text: string, number: number) => recordsOf([text], number);
  test.each<[string, Record<string, Uint8Array>, object]>([
    ['a number that does not follow', { '1-4': Buffer.concat([record('a', 1), record('b', 3)]) }, { offset: 13 }],
    ['a size that cannot be', { '1-4': Buffer.concat([record('a', 1), Buffer.alloc(12)]) }, { offset: 13 }],
    ['more records than its name tells', { '1-1': recordsOf(['a', 'b'], 1) }, { offset: 13 }],
    [
      'a cut in a file that is not the newest',
      { '1-2': recordsOf(['a'], 1), '3-4': recordsOf(['c'], 3) },
      { offset: 13 },
    ],
    ['one that is missing', { '1-2': recordsOf(['a', 'b'], 1), '5-6': recordsOf(['e'], 5) }, { offset: 0 }],
    ['a gzipped one', { '1-2.bevt.gz': recordsOf(['a', 'b'], 1), '3-4': recordsOf(['c'], 3) }, { offset: 0 }],
    ['a message past maxMessageBytes', { '1-4': recordsOf(['a', 'x'.repeat(2000)], 1) }, { offset: 13 }],
  ])('%s', async (_, files, where) => {
    const named = Object.entries(files).map(([span, bytes]) => [
      `datanode-buffer-${span}${span.endsWith('.gz') ? '' : '.bevt'}`,
      bytes,
    ]);
    const directory = folderOf(Object.fromEntries(named) as Record<string, Uint8Array>);
    const before = visible(directory);
    const { texts, end } = await run(directory, { maxMessageBytes: 1000 });
    expect([texts, end]).toEqual([[], expect.objectContaining({ name: 'BufferFileError', ...where })]);
    expect(visible(directory)).toEqual(before);
  });

  test('no descriptors left, at each open in turn: an error, and the next run emits everything', async () => {
    const full = new FaultyFiles();
    const first = bufferRun(full, trickle(textsOf(3), 3), { sync: 'never' }, () => {}, new BehaviorSubject(true));
    await drained();
    first.subscription.unsubscribe();
    await drained();
    for (let opens = 0, failed = true; failed; opens++) {
      const files = full.after('nothing');
      failed = false;
      let count = 0;
      const scarce: FileSystem = {
        makeDirectory: () => files.makeDirectory(),
        lock: () => files.lock(),
        list: path => files.list(path),
        rename: (from, to) => files.rename(from, to),
        remove: path => files.remove(path),
        syncDirectory: path => files.syncDirectory(path),
        open: (path, mode) => {
          if (count++ < opens) return files.open(path, mode);
          failed = true;
          return Promise.reject(Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' }));
        },
      };
      const records = files.read(join(inMemory, 'datanode-buffer-1-8.bevt'));
      const run = bufferRun(scarce, EMPTY);
      await drained();
      if (failed) expect(run.end).toMatchObject({ name: 'BufferFileError', cause: { code: 'EMFILE' } });
      if (run.given.length === 0) expect(files.read(join(inMemory, 'datanode-buffer-1-8.bevt'))).toEqual(records);
      const next = bufferRun(files.after('nothing'), EMPTY);
      await drained();
      expect([...new Set([...run.given, ...next.given])]).toEqual(textsOf(3));
      expect(files.openHandles).toBe(0);
    }
  });
});
