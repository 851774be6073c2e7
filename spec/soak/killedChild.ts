// A process that buffers on disk and stops dead at one step, for its parent to kill: see killAtSteps.ts.
//
//     node killedChild.js DIRECTORY RUN STEP COUNT     stops at the COUNTth time of STEP
//     node killedChild.js DIRECTORY RUN                gives what is there, takes nothing, and ends
//
// It reports each thing on a line, written before it goes on, so that what was reported survives it.
import { writeSync } from 'node:fs';
import { EMPTY, Observable, Subject } from 'rxjs';
import { bufferOptions } from '../../lib/source/disk/buffer/bufferOptions.js';
import { DiskBuffer } from '../../lib/source/disk/buffer/DiskBuffer.js';
import type { FileSystem, OpenFile } from '../../lib/source/disk/buffer/fileSystem/FileSystem.js';
import { fromFeed } from '../../lib/source/disk/fromFeed.js';
import { nodeFileSystem } from '../../lib/source/disk/buffer/fileSystem/nodeFileSystem.js';

const [directory = '', run = '', target, count] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

let left = Number(count);
const reach = (step: string) => {
  if (step !== target || --left > 0) return;
  say(`at ${step}`);
  // until it is killed
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
  reach(`before ${name}`);
  const result = await work();
  reach(`after ${name}`);
  return result;
};

const kindOf = (path: string) => /\.(sums|cursor|gz|bevt)(\.new)?$/.exec(path)?.[1] ?? 'other';

const stepping = (file: OpenFile, kind: string): OpenFile => ({
  ...file,
  sync: () => step(`sync ${kind}`, () => file.sync()),
  write: (from, position) =>
    step(`write ${kind}`, async () => {
      const bytes = Buffer.concat(from);
      const half = bytes.length >> 1;
      await file.write([bytes.subarray(0, half)], position);
      reach(`in write ${kind}`);
      await file.write([bytes.subarray(half)], position + half);
    }),
  writeNow(bytes, position) {
    reach(`before write ${kind}`);
    file.writeNow(bytes.subarray(0, 10), position);
    reach(`in write ${kind}`);
    file.writeNow(bytes.subarray(10), position + 10);
    reach(`after write ${kind}`);
  },
});

const files: FileSystem = {
  ...nodeFileSystem,
  open: async (path, mode) => {
    const open = async () => stepping(await nodeFileSystem.open(path, mode), kindOf(path));
    return mode === 'create' || mode === 'new' ? step(`create ${kindOf(path)}`, open) : open();
  },
  rename: (from, to) => step(`rename ${kindOf(to)}`, () => nodeFileSystem.rename(from, to)),
  remove: path => step(`remove ${kindOf(path)}`, () => nodeFileSystem.remove(path)),
  syncDirectory: path => step('sync folder', () => nodeFileSystem.syncDirectory(path)),
};

/** Messages `RUN:1`, `RUN:2`, …, a few at a time. */
const endless = (pause$: Observable<boolean>): Observable<Uint8Array> =>
  new Observable(subscriber => {
    let isPaused = false;
    let at = 0;
    subscriber.add(pause$.subscribe(level => (isPaused = level)));
    const emit = () => {
      for (let few = 0; few < 7 && !isPaused; few++) subscriber.next(Buffer.from(`${run}:${++at}`));
      if (!subscriber.closed) setImmediate(emit);
    };
    setImmediate(emit);
  });

const blockSize = 10;
const blockOf = (message: Uint8Array) => {
  const [source = '', at = '0'] = Buffer.from(message).toString().split(':');
  return {
    block: `${source}-${Math.floor((Number(at) - 1) / blockSize)}`,
    begins: Number(at) % blockSize === 1,
  };
};

const done$ = new Subject<string>();
let given = 0;
let block: string | undefined;
const options = bufferOptions({
  directory,
  eventsPerFile: 25,
  sync: { everyMs: 1 },
  archive: {},
  acknowledge: { blockOf, done$ },
  notices: { next: notice => notice.type === 'Lag' && say(`promised ${given + notice.events}`) },
});
const source = target === undefined ? EMPTY : endless;
fromFeed(() => new DiskBuffer(source, options, files), { what: directory }).subscribe({
  next: message => {
    const next = blockOf(message).block;
    if (block !== undefined && next !== block) {
      say(`asked ${given}`);
      done$.next(block);
      say(`acknowledged ${given}`);
    }
    block = next;
    given++;
    say(`given ${Buffer.from(message).toString()}`);
  },
  error: (error: unknown) => say(`error ${String(error)}`),
  complete: () => say('complete'),
});
