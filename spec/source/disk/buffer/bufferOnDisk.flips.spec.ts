import { describe, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { EMPTY, Subject } from 'rxjs';
import { CURSOR_BYTES, printSlot } from '../../../../lib/source/disk/format/cursorSlot.js';
import { readChecksum, CHECKSUM_BYTES } from '../../../../lib/source/disk/format/checksums.js';
import { bufferRun, directory, drained, trickle } from './bufferRun.js';
import { cursor, texts } from './faultRuns.js';
import { FaultyFiles } from './FaultyFiles.js';

// Thousands of runs, on a machine that may be busy.
jest.setTimeout(300_000);

test('D5 if a crash kept the cursor and lost processed records, the next messages are emitted', async () => {
  const files = new FaultyFiles();
  bufferRun(files, trickle(['a', 'b', 'c'], 1));
  await drained();
  const slots = new Uint8Array(CURSOR_BYTES);
  slots.set(printSlot(crc32, { generation: 100, acknowledged: 10, synced: 0 }));
  files.put(cursor, slots);
  const second = bufferRun(files, trickle(['d', 'e'], 1));
  await drained();
  expect([second.end, second.given]).toEqual(['complete', ['d', 'e']]);
});

describe('D8 a flipped bit', () => {
  const records = join(directory, 'datanode-buffer-1-100.bevt');
  const sums = join(directory, '.datanode-buffer-1-100.bevt.sums');
  const batchesOf = (bytes: Uint8Array) =>
    Array.from({ length: bytes.length / CHECKSUM_BYTES }, (_, at) => readChecksum(bytes, at * CHECKSUM_BYTES));

  /** Twenty records in one file, the first of them given, none acknowledged. */
  const twenty = async () => {
    const files = new FaultyFiles();
    const pause$ = new Subject<boolean>();
    const run = bufferRun(
      files,
      trickle(texts.slice(0, 20), 3),
      { eventsPerFile: 100 },
      () => pause$.next(true),
      pause$,
    );
    await drained();
    run.subscription.unsubscribe();
    await drained();
    expect([run.given, run.promised]).toEqual([[texts[0]], 20]);
    return files;
  };

  test.each(['datanode-buffer-1-100.bevt', '.datanode-buffer-1-100.bevt.sums'])(
    'every bit of %s: an error with file and offset, never a wrong event',
    async name => {
      const files = await twenty();
      const path = join(directory, name);
      const sound = files.read(path);
      expect(sound.length).toBeGreaterThan(100);
      const ends = batchesOf(files.read(sums));
      /** Records that are given all the same: those of the batches before. */
      const before = (at: number) =>
        path === records ? (ends.filter(({ end }) => end <= at).at(-1)?.last ?? 0) : undefined;
      for (let bit = 0; bit < sound.length * 8; bit++) {
        const damaged = files.after('nothing');
        const bytes = sound.slice();
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        damaged.put(path, bytes);
        const run = bufferRun(damaged, EMPTY, { eventsPerFile: 100 });
        await drained();
        const { name: error, file, offset } = run.end as Error & { readonly file?: string; readonly offset?: number };
        const isRight = run.given.join() === texts.slice(0, before(bit >> 3) ?? run.given.length).join();
        if (!isRight || error !== 'BufferFileError' || file !== records || offset === undefined)
          throw new Error(`bit ${bit}: ${String(run.end)} after ${run.given.join()}`);
      }
    },
  );

  test('every bit of the cursor: the same events, or an error', async () => {
    const files = await twenty();
    const sound = files.read(cursor);
    for (let bit = 0; bit < sound.length * 8; bit++) {
      if ((bit >> 3) % 512 >= 28) continue;
      const damaged = files.after('nothing');
      const bytes = sound.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      damaged.put(cursor, bytes);
      const run = bufferRun(damaged, EMPTY, { eventsPerFile: 100 });
      await drained();
      if (run.end !== 'complete' || run.given.join() !== texts.slice(0, 20).join())
        throw new Error(`bit ${bit}: ${String(run.end)} after ${run.given.join()}`);
    }
  });
});
