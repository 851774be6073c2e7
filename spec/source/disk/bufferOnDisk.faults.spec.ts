import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { join } from 'node:path';
import { EMPTY, Subject } from 'rxjs';
import { cursorBytes, printSlot } from '../../../lib/source/disk/cursorSlot.js';
import { bufferRun, directory, trickle, turns, type Run } from './bufferRun.js';
import { FaultyFiles, type Fault, type Loss, type Torn } from './FaultyFiles.js';

// Thousands of runs, on a machine that may be busy.
jest.setTimeout(300_000);

const texts = Array.from({ length: 22 }, (_, at) => `m${String(at + 1).padStart(2, '0')}`);
const losses: readonly Loss[] = ['all', 'names', 'bytes', 'odd', 'even', 'zeros', 'garbage'];

/** Runs 22 records through files of 8, with blocks of 4 that are acknowledged one block late. */
const firstRun = async (files: FaultyFiles, archive: boolean) => {
  const done$ = new Subject<string>();
  const blockOf = (message: Uint8Array) => {
    const number = Number(Buffer.from(message).toString().slice(-2));
    return { block: `B${Math.floor((number - 1) / 4)}`, begins: number % 4 === 1 };
  };
  /** Said to be done with; and where saying it returned without a fault. */
  let asked = 0;
  let acknowledged = 0;
  /** Acknowledged when a sync was told of: a crashed machine remembers so much. */
  let remembered = 0;
  const run = bufferRun(
    files,
    trickle(texts, 3),
    { acknowledge: { blockOf, done$ }, ...(archive ? { archive: {} } : {}) },
    text => {
      const number = Number(text.slice(-2));
      if (number % 4 !== 1 || number < 5) return;
      if (!files.isDead) asked = number - 1;
      done$.next(`b${Math.floor((number - 1) / 4) - 1}`);
      if (!files.isDead && !files.hasFailed) acknowledged = number - 1;
    },
  );
  const seen = () => run.notices.filter(({ type }) => type === 'Lag').length;
  for (let lags = 0; run.end === 'running' && !files.isDead;) {
    const before = acknowledged;
    await turns(10);
    if (seen() > lags) remembered = Math.max(remembered, before);
    lags = seen();
  }
  await turns(400);
  return { run, asked, acknowledged, remembered };
};

/** A dead process's lock, with the pid of this one, is in the way of nobody but of the next run in this process. */
const forgetHeld = () => {
  (globalThis as Record<symbol, Set<string> | undefined>)[Symbol.for('rx-event-broker.disk.held')]?.clear();
};

/** Comes up again, with one more message from the source. */
const secondRun = async (files: FaultyFiles): Promise<Run> => {
  const run = bufferRun(files, trickle(['m99'], 1));
  for (let turn = 0; run.end === 'running' && turn < 500; turn++) await turns(20);
  await turns(400);
  forgetHeld();
  return run;
};

/** What becomes of a disk is the same however it came to be so. */
const seen = new Map<string, Promise<Run>>();
const runOn = async (files: FaultyFiles): Promise<Run> => {
  const { image } = files;
  const run = seen.get(image) ?? secondRun(files);
  seen.set(image, run);
  return run;
};

type Where = Fault & { readonly step: number };

const failing = async (where: Where, archive: boolean) => {
  const files = new FaultyFiles(where);
  const first = await firstRun(files, archive);
  forgetHeld();
  return { files, ...first };
};

/** What is wrong, if anything; without `expect`, which is slow where there are thousands. */
const check = async (
  { files, run, asked, acknowledged, remembered }: Awaited<ReturnType<typeof failing>>,
  loss: Loss,
  torn?: Torn,
) => {
  const assert = (isSo: boolean, what: string) => {
    if (!isSo) throw new Error(`${JSON.stringify({ step: files.steps.length - 1, loss, torn })}: ${what}`);
  };
  if (typeof run.end === 'object') {
    const { name, file, offset } = run.end as Error & { readonly file?: string; readonly offset?: number };
    assert(name === 'BufferFileError' && file !== undefined && offset !== undefined, String(run.end));
  }

  const again = await runOn(files.after(loss, torn));
  assert(again.end === 'complete', `came up again with ${String(again.end)}`);
  assert(again.given.at(-1) === 'm99', 'what came later is given last');
  const old = again.given.slice(0, -1);
  const start = old.length === 0 ? Math.max(run.promised, acknowledged) : texts.indexOf(old[0]!);
  assert(
    old.join() === texts.slice(start, start + old.length).join(),
    `in order, none twice or made up: ${old.join()}`,
  );
  assert(start <= asked || old.length === 0, `given from ${start + 1}, acknowledged to ${asked}`);
  assert(start + old.length >= run.promised, `given to ${start + old.length}, promised to ${run.promised}`);
  const known = loss === 'nothing' ? acknowledged : remembered;
  assert(start >= known, `given again from ${start + 1}, acknowledged to ${known}`);
};

/** Bytes that each step of a run without fault writes. */
const stepsOf = async (archive: boolean): Promise<readonly number[]> => {
  const files = new FaultyFiles();
  const { run, acknowledged } = await firstRun(files, archive);
  expect([run.end, run.given, run.promised, acknowledged]).toEqual(['complete', texts, 22, 20]);
  forgetHeld();
  expect(files.steps.length).toBeGreaterThan(60);
  return files.steps;
};

type Died = Awaited<ReturnType<typeof failing>>;

/** What died in each step. */
const dying = async (archive: boolean): Promise<readonly Died[]> => {
  const died: Died[] = [];
  for (const step of (await stepsOf(archive)).keys()) died.push(await failing({ kind: 'crash', step }, archive));
  if (!died.every(({ files }) => files.isDead)) throw new Error('it lived');
  return died;
};
let died: readonly Died[] = [];

/** Where a write of so many bytes may be cut: anywhere. */
const cutsOf = (bytes: number) => Array.from({ length: bytes + 1 }, (_, cut) => cut);

describe.each([false, true])('D5 a stop at every step, a write cut at every byte (archive: %s)', archive => {
  beforeAll(async () => {
    died = await dying(archive);
  });

  test.each(['nothing', 'zeros', 'garbage'] as const)(
    'a process that is killed; behind the cut there is: %s',
    async rest => {
      for (const at of died) for (const cut of cutsOf(at.files.dyingBytes)) await check(at, 'nothing', { cut, rest });
    },
  );

  test('a machine that crashes, and loses of what was not synced all, some, or the names; or has other bytes', async () => {
    for (const at of died)
      for (const loss of losses)
        for (const cut of cutsOf(at.files.dyingBytes)) await check(at, loss, { cut, rest: 'nothing' });
  });

  test('D6 EIO, ENOSPC: an error with the file; what is on the disk stays readable', async () => {
    const steps = await stepsOf(archive);
    let failed = 0;
    let runs = 0;
    for (const [step, bytes] of steps.entries())
      for (const cut of archive ? [bytes] : cutsOf(bytes)) {
        const code = cut % 2 === 0 ? 'EIO' : 'ENOSPC';
        const first = await failing({ kind: 'error', code, step, cut }, archive);
        for (const loss of ['nothing', 'all'] as const) await check(first, loss);
        if (first.run.end !== 'complete') failed++;
        runs++;
      }
    expect(failed).toBeGreaterThan(runs / 2);
  });
});

test('D5 where a crash kept the cursor, and lost records that were done with, what comes next is given', async () => {
  const files = new FaultyFiles();
  const first = bufferRun(files, trickle(['a', 'b', 'c'], 1));
  while (first.end === 'running') await turns(20);
  await turns(400);
  const slots = new Uint8Array(cursorBytes);
  slots.set(printSlot({ generation: 100, acknowledged: 10, synced: 0 }));
  files.put(join(directory, '.cursor'), slots);
  const second = bufferRun(files, trickle(['d', 'e'], 1));
  while (second.end === 'running') await turns(20);
  expect([second.end, second.given]).toEqual(['complete', ['d', 'e']]);
  await turns(400);
});

describe('D8 a flipped bit', () => {
  const records = join(directory, 'datanode-buffer-1-100.bevt');

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
    while (run.promised < 20) await turns(20);
    run.subscription.unsubscribe();
    await turns(400);
    expect(run.given).toEqual([texts[0]]);
    return files;
  };

  test.each(['datanode-buffer-1-100.bevt', '.datanode-buffer-1-100.bevt.sums'])(
    'every bit of %s: an error with file and offset, never a wrong event',
    async name => {
      const files = await twenty();
      const path = join(directory, name);
      const sound = files.read(path);
      expect(sound.length).toBeGreaterThan(100);
      for (let bit = 0; bit < sound.length * 8; bit++) {
        const damaged = files.after('nothing');
        const bytes = sound.slice();
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        damaged.put(path, bytes);
        const run = bufferRun(damaged, EMPTY, { eventsPerFile: 100 });
        for (let turn = 0; run.end === 'running' && turn < 100; turn++) await turns(20);
        await turns(100);
        forgetHeld();
        const { name: error, file, offset } = run.end as Error & { readonly file?: string; readonly offset?: number };
        const isRight = run.given.join() === texts.slice(0, run.given.length).join();
        if (!isRight || error !== 'BufferFileError' || file !== records || offset === undefined)
          throw new Error(`bit ${bit}: ${String(run.end)} after ${run.given.join()}`);
      }
    },
  );

  test('every bit of the cursor: the events all the same, or an error', async () => {
    const files = await twenty();
    const path = join(directory, '.cursor');
    const sound = files.read(path);
    for (let bit = 0; bit < sound.length * 8; bit++) {
      if ((bit >> 3) % 512 >= 28) continue;
      const damaged = files.after('nothing');
      const bytes = sound.slice();
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      damaged.put(path, bytes);
      const run = bufferRun(damaged, EMPTY, { eventsPerFile: 100 });
      for (let turn = 0; run.end === 'running' && turn < 100; turn++) await turns(20);
      await turns(100);
      forgetHeld();
      if (run.end !== 'complete' || run.given.join() !== texts.slice(0, 20).join())
        throw new Error(`bit ${bit}: ${String(run.end)} after ${run.given.join()}`);
    }
  });
});
