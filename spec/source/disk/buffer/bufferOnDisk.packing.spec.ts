import { describe, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { NEVER, VirtualTimeScheduler } from 'rxjs';
import { bufferRun, directory, drained, type Run } from './bufferRun.js';
import { FaultyFiles, type FaultAt } from './FaultyFiles.js';
import type { Loss } from './Inode.js';
import { recordsOf } from '../records.js';
import { when } from '../watch.js';

// Hundreds of runs, each with a gzip of its own.
jest.setTimeout(300_000);

const archive = join(directory, 'archive');
const contents = [recordsOf(['m1', 'm2'], 1), recordsOf(['m3', 'm4'], 3)].map(bytes => Buffer.from(bytes));
const nameOf = (at: number) => `datanode-buffer-1970-01-01-00-00-00-${at}-seqnumspan-${2 * at + 1}-${2 * at + 2}.bevt`;
const losses: readonly Loss[] = ['all', 'all but removals', 'names', 'bytes', 'odd', 'even', 'zeros', 'garbage'];
/** Bytes of an archive of one packed file, and not of two. */
const roomForOne = 60;

const archived = (files: FaultyFiles) => files.paths.filter(path => path.startsWith(archive));
const isReleased = ({ notices }: Run) => notices.some(({ type }) => type === 'Released');

/** Opens a buffer, and lets the archive's minute pass: until it is packed, fails, or dies in it. */
const packed = async (files: FaultyFiles, maximumSizeBytes = 1000) => {
  const scheduler = new VirtualTimeScheduler();
  const run = bufferRun(files, NEVER, { archive: { maximumSizeBytes }, scheduler });
  await drained();
  const opening = files.steps.length;
  scheduler.flush();
  await when(() => files.isDead || run.end !== 'running' || archived(files).every(path => !path.endsWith('.bevt')));
  await drained();
  const packing = files.steps.length - opening;
  run.subscription.unsubscribe();
  await when(() => files.isDead || isReleased(run));
  expect(files.isDead || files.openHandles === 0).toBe(true);
  return { end: run.end, opening, packing };
};

/** A disk with a buffer whose archive has two files to be packed. */
const unpacked = async (): Promise<FaultyFiles> => {
  const files = new FaultyFiles();
  await packed(files);
  contents.forEach((bytes, at) => files.put(join(archive, nameOf(at)), bytes));
  return files;
};

/** Each step of packing, with the bytes that it writes. */
const steps = async (disk: FaultyFiles, maximumSizeBytes?: number) => {
  const files = disk.after('nothing');
  const { end, opening, packing } = await packed(files, maximumSizeBytes);
  expect(end).toBe('running');
  expect(packing).toBeGreaterThan(10);
  return Array.from({ length: packing }, (_, at) => [opening + at, files.steps[opening + at]!] as const);
};

/** What is wrong with the archive: each file is there, whole, as it was or packed. */
const wrongOf = (files: FaultyFiles): string | undefined => {
  for (const [at, bytes] of contents.entries()) {
    const plain = files.read(join(archive, nameOf(at)));
    const gzip = files.read(join(archive, `${nameOf(at)}.gz`));
    if (plain.length > 0 && !bytes.equals(plain)) return `${nameOf(at)} is not what it was`;
    if (gzip.length > 0 && !bytes.equals(gunzipSync(gzip))) return `${nameOf(at)}.gz is not what was packed`;
    if (plain.length + gzip.length === 0) return `${nameOf(at)} is lost`;
  }
  return undefined;
};

/** It is packed with the next minute. */
const mended = async (files: FaultyFiles, what: unknown): Promise<void> => {
  const wrong = wrongOf(files);
  const { end } = await packed(files);
  const names = archived(files).join();
  const all = contents.map((_, at) => join(archive, `${nameOf(at)}.gz`)).join();
  if (wrong !== undefined || end !== 'running' || names !== all || wrongOf(files) !== undefined)
    throw new Error(`${JSON.stringify(what)}: ${wrong}; then ${String(end)}: ${names}, ${wrongOf(files)}`);
};

/** The disk with a fault ahead. */
const before = (disk: FaultyFiles, fault: FaultAt) => disk.after('nothing', undefined, fault);

const cutsOf = (bytes: number) => Array.from({ length: bytes + 1 }, (_, cut) => cut);

describe('D3 packing the archive', () => {
  test('a stop at every step, a write cut at every byte: nothing is lost, and the packing is repeated', async () => {
    const disk = await unpacked();
    for (const [step] of await steps(disk)) {
      const files = before(disk, { kind: 'crash', step });
      await packed(files);
      expect(files.isDead).toBe(true);
      for (const loss of losses) await mended(files.after(loss), { step, loss });
      for (const cut of cutsOf(files.dyingBytes))
        await mended(files.after('nothing', { cut, rest: 'nothing' }), { step, cut });
    }
  });

  test('D3j who leaves does not wait for it: the next start packs the rest', async () => {
    const files = (await unpacked()).after('nothing');
    const scheduler = new VirtualTimeScheduler();
    const run = bufferRun(files, NEVER, { archive: {}, scheduler });
    await drained();
    const opening = files.steps.length;
    scheduler.flush();
    await when(() => files.steps.length > opening);
    run.subscription.unsubscribe();
    await when(() => isReleased(run));
    expect(archived(files)).toEqual(contents.map((_, at) => join(archive, nameOf(at))));
    await mended(files, 'left');
  });

  test('D6 EIO, ENOSPC: an error with the file, and nothing is lost', async () => {
    const disk = await unpacked();
    for (const [step, bytes] of await steps(disk))
      for (const cut of cutsOf(bytes)) {
        const files = before(disk, { kind: 'error', code: cut % 2 === 0 ? 'EIO' : 'ENOSPC', step, cut });
        const { end } = await packed(files);
        expect(end).toMatchObject({ name: 'BufferFileError', file: expect.stringContaining(archive) });
        for (const loss of ['nothing', 'all'] as const) await mended(files.after(loss), { step, cut, loss });
      }
  });

  test('D6 the oldest cannot be removed: an error with the file, and the others are whole', async () => {
    const disk = await unpacked();
    const [last] = (await steps(disk, roomForOne)).at(-1)!;
    const files = before(disk, { kind: 'error', code: 'EIO', step: last, cut: 0 });
    const oldest = join(archive, `${nameOf(0)}.gz`);
    expect((await packed(files, roomForOne)).end).toMatchObject({
      file: oldest,
      expected: 'a file that can be removed',
    });
    expect(wrongOf(files)).toBeUndefined();
  });
});
