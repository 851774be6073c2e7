import { join } from 'node:path';
import { Subject, VirtualTimeScheduler } from 'rxjs';
import { parseFileName } from '../../../../lib/source/disk/format/fileName.js';
import { bufferRun, directory, drained, trickle, type Run } from './bufferRun.js';
import { FaultyFiles, type FaultAt, type Torn } from './FaultyFiles.js';
import type { Loss } from './Inode.js';
import { recordsOf } from '../records.js';

export const cursor = join(directory, '.cursor');
const archiveDirectory = join(directory, 'archive');

export const texts = Array.from({ length: 22 }, (_, at) => `m${String(at + 1).padStart(2, '0')}`);

/** Where the archive's minute never ends. */
const archived = (isArchive: boolean, now: number) => {
  const scheduler = new VirtualTimeScheduler();
  scheduler.frame = now;
  return { scheduler, ...(isArchive ? { archive: {} } : {}) };
};

/** Runs 22 records through files of 8, with blocks of 4 that are acknowledged one block late. */
const firstRun = async (files: FaultyFiles, isArchive: boolean) => {
  const done$ = new Subject<string>();
  const blockOf = (message: Uint8Array) => {
    const number = Number(Buffer.from(message).toString().slice(-2));
    return { block: `B${Math.floor((number - 1) / 4)}`, begins: number % 4 === 1 };
  };
  /** Said to be done with; and where saying it returned without a fault. */
  let asked = 0;
  let acknowledged = 0;
  /** Acknowledged when the cursor was synced last: a crashed machine remembers so much. */
  let remembered = 0;
  files.synced = path => {
    if (path === cursor) remembered = acknowledged;
  };
  const options = { acknowledge: { blockOf, done$ }, ...archived(isArchive, 1000) };
  const run = bufferRun(files, trickle(texts, 3), options, text => {
    const number = Number(text.slice(-2));
    if (number % 4 !== 1 || number < 5) return;
    if (!files.isDead) asked = number - 1;
    done$.next(`b${Math.floor((number - 1) / 4) - 1}`);
    if (!files.isDead && !files.hasFailed) acknowledged = number - 1;
  });
  await drained();
  return { run, asked, acknowledged, remembered };
};

export const failing = async (where: FaultAt, isArchive: boolean) => {
  const files = new FaultyFiles(where);
  const first = await firstRun(files, isArchive);
  const isReleased = !files.isLocked && files.openHandles === 0;
  return { files, isArchive, isReleased, ...first };
};

/** Bytes that each step of a run without fault writes. */
export const stepsOf = async (isArchive: boolean): Promise<readonly number[]> => {
  const files = new FaultyFiles();
  const { run, acknowledged } = await firstRun(files, isArchive);
  const seen = JSON.stringify([run.end, run.given, run.promised, acknowledged, files.openHandles]);
  if (seen !== JSON.stringify(['complete', texts, 22, 20, 0]) || files.steps.length <= 60) throw new Error(seen);
  return files.steps;
};

interface Outcome extends Pick<Run, 'end' | 'given'> {
  /** What is wrong with what the folder and the archive hold now. */
  readonly wrong: string | undefined;
  /** Up to which number all records are in one of them. */
  readonly kept: number;
  /** Files that the archive has more than once. */
  readonly copies: number;
}

/** Comes up again, with one more message from the source. */
const secondRun = async (files: FaultyFiles, isArchive: boolean): Promise<Outcome> => {
  const run = bufferRun(files, trickle(['m99'], 1), archived(isArchive, 2000));
  await drained();
  const { end, given } = run;
  const isReleased = !files.isLocked && files.openHandles === 0;
  const left = filesOf(files);
  return { end, given, ...left, wrong: isReleased ? left.wrong : 'not released' };
};

/** What a file may hold: its records of the first run, or, the newest, some of them and what came later. */
const expectedFrom = (from: number, to: number) => {
  const span = `${from}-${to}`;
  const known = expectations.get(span);
  if (known !== undefined) return known;
  const rest = texts.slice(from - 1, to);
  const ends = [...rest, ''].map((_, at) => recordsOf([...rest.slice(0, at), 'm99'], from));
  const expected = { whole: recordsOf(rest, from), ends };
  expectations.set(span, expected);
  return expected;
};
const expectations = new Map<string, { readonly whole: Uint8Array; readonly ends: readonly Uint8Array[] }>();

/** Whether files of records hold what their names say, and the live ones the newest message last. */
const filesOf = (files: FaultyFiles): Pick<Outcome, 'wrong' | 'kept' | 'copies'> => {
  let wrong: string | undefined;
  let kept = 0;
  const all = [archiveDirectory, directory].flatMap(folder =>
    files.paths
      .filter(path => path.startsWith(`${folder}/datanode-buffer-`))
      .map(path => ({ path, parsed: parseFileName(path.slice(folder.length + 1)) })),
  );
  const spans = all.flatMap(({ parsed }) => (parsed.kind === 'archived' ? [parsed.from] : []));
  for (const { path, parsed } of all) {
    if (parsed.kind === 'other') throw new Error(path);
    const bytes = Buffer.from(files.read(path));
    const from = Number(parsed.from);
    const { whole, ends } = expectedFrom(from, Number(parsed.to));
    const until = ends.findIndex(end => bytes.equals(end));
    const isWhole = bytes.equals(whole);
    const isCut = until < 0 || (parsed.kind === 'archived' && until !== Number(parsed.to) - from);
    if (!isWhole && isCut) wrong ??= `${path}: ${bytes.toString('latin1')}`;
    if (from <= kept + 1)
      kept = Math.max(kept, from - 1 + (isWhole ? Math.min(Number(parsed.to), texts.length) - from + 1 : until));
  }
  return { wrong, kept, copies: spans.length - new Set(spans).size };
};

/** A run is the same on all disks with the same names, and the same bytes in those files that it looks into. */
const seen = new Map<string, { readonly looked: readonly string[]; readonly outcomes: Map<string, Outcome> }[]>();

const prints = new WeakMap<Uint8Array, string>();
const printed = (bytes: Uint8Array): string => {
  const print = prints.get(bytes) ?? Buffer.from(bytes).toString('latin1');
  prints.set(bytes, print);
  return print;
};

const runOn = async (files: FaultyFiles, isArchive: boolean): Promise<Outcome> => {
  const { paths } = files;
  const bytes = new Map(paths.map(path => [path, files.read(path)]));
  const image = (of: readonly string[]) => of.map(path => printed(bytes.get(path)!)).join('/');
  const names = [isArchive, ...paths].join();
  const known = seen.get(names) ?? [];
  seen.set(names, known);
  for (const { looked, outcomes } of known) {
    const outcome = outcomes.get(image(looked));
    if (outcome !== undefined) return outcome;
  }
  const outcome = await secondRun(files, isArchive);
  const looked = [...files.looked].sort();
  let same = known.find(other => other.looked.join() === looked.join());
  if (same === undefined) known.push((same = { looked, outcomes: new Map() }));
  same.outcomes.set(image(looked), outcome);
  return outcome;
};

export type First = Awaited<ReturnType<typeof failing>>;

/** What is wrong, if anything. It does not use `expect`, which is slow for thousands of runs. */
export const check = async (first: First, loss: Loss, torn?: Torn): Promise<void> => {
  const { files, isArchive, isReleased, run, asked, acknowledged, remembered } = first;
  const assert = (isSo: boolean, what: string) => {
    if (!isSo) throw new Error(`${JSON.stringify({ step: files.steps.length - 1, loss, torn })}: ${what}`);
  };
  if (typeof run.end === 'object') {
    const { name, file, offset } = run.end as Error & { readonly file?: string; readonly offset?: number };
    assert(name === 'BufferFileError' && file !== undefined && offset !== undefined, String(run.end));
  }
  assert(files.isDead || (run.end !== 'running' && isReleased), `${String(run.end)}, and released: ${isReleased}`);

  const again = await runOn(files.after(loss, torn), isArchive);
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
  assert(again.wrong === undefined, String(again.wrong));
  assert(!isArchive || again.kept >= run.promised, `kept to ${again.kept}, promised to ${run.promised}`);
  // A crash may leave a file in both folders, if the file system's rename is not atomic.
  assert(loss !== 'nothing' || again.copies === 0, `${again.copies} archived twice`);
};

/** Fails at each step of a restart, and restarts once more. Returns how often it failed with an error. */
export const checkAgain = async ({ files, isArchive, run }: First): Promise<number> => {
  const disk = files.after('nothing');
  for (let step = 0, failed = 0; ; step++) {
    const again = disk.after('nothing', undefined, { kind: 'error', code: 'EIO', step, cut: 0 });
    const second = bufferRun(again, trickle(['m99'], 1), archived(isArchive, 2000));
    await drained();
    if (!again.hasFailed) return failed;
    const isReleased = !again.isLocked && again.openHandles === 0;
    const third = await secondRun(again.after('nothing'), isArchive);
    const given = [...new Set([...second.given, ...third.given])].filter(text => text !== 'm99').sort();
    const start = given.length === 0 ? run.promised : texts.indexOf(given[0]!);
    const isGiven = given.join() === texts.slice(start, start + given.length).join();
    const isRight = isGiven && start + given.length >= run.promised && third.end === 'complete';
    const isTold = second.end === 'complete' || (second.end as Error).name === 'BufferFileError';
    if (!isRight || !isTold || !isReleased)
      throw new Error(`step ${step}: ${String(second.end)}, released: ${isReleased}; given: ${given.join()}`);
    if (second.end !== 'complete') failed++;
  }
};
