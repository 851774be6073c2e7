import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { concat, EMPTY, NEVER, of, take } from 'rxjs';
import { bufferOnDisk } from '../../../../../lib/source/disk/buffer/bufferOnDisk.js';
import { shortBegan, thisThread } from '../../../../../lib/source/disk/buffer/fileSystem/holder.js';
import { lockDirectory } from '../../../../../lib/source/disk/buffer/fileSystem/lockDirectory.js';
import { folderOf } from '../../folder.js';
import { messagesOf, runAll } from '../runBuffer.js';
import { watch, watchAll, when } from '../../watch.js';

const onLinux = process.platform === 'linux';

/** The same module again, as a program with both a CommonJS and an ES copy has it, and as a process or a thread of its own has it. */
let copy = '';
beforeAll(() => {
  copy = join(folderOf(), 'lockHolder.cjs');
  buildSync({
    entryPoints: ['spec/source/disk/buffer/fileSystem/lockHolder.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: copy,
  });
});

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Another process or thread that locks folders on request. */
interface Other {
  /** `held`, or the name of the error and the pid in it. */
  readonly take: (directory: string) => Promise<string>;
  readonly kill: () => Promise<void>;
  readonly pid: number;
}

const otherProcess = (): Other => {
  const child = spawn(process.execPath, [copy], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    pid: child.pid!,
    async take(directory) {
      child.stdin.write(`${directory}\n`);
      return (await answers.next()).value as string;
    },
    kill: () =>
      new Promise(resolve => {
        child.on('close', () => resolve());
        child.kill('SIGKILL');
      }),
  };
};

const otherThread = (): Other => {
  const worker = new Worker(copy);
  return {
    pid: process.pid,
    take: directory =>
      new Promise(resolve => {
        worker.once('message', resolve);
        worker.postMessage(directory);
      }),
    kill: async () => {
      await worker.terminate();
    },
  };
};

const locksIn = (directory: string) => readdirSync(directory).filter(name => name.startsWith('.lock'));
const inUse = (pid: number, directory?: string) =>
  expect.objectContaining({ name: 'DirectoryInUseError', pid, ...(directory !== undefined && { directory }) });

describe('D7a one folder, one holder', () => {
  test('by whatever path', async () => {
    const directory = folderOf();
    const link = join(folderOf(), 'link');
    symlinkSync(directory, link);
    const unlock = await lockDirectory(directory);
    for (const path of [directory, `${directory}/.`, link])
      await expect(lockDirectory(path)).rejects.toEqual(inUse(process.pid));
    await unlock();
    expect(locksIn(directory)).toEqual([]);
    await (
      await lockDirectory(link)
    )();
  });

  test.each(['process', 'thread'])('D7b D7c another %s, with its pid; free when it is gone', async kind => {
    const directory = folderOf();
    const other = kind === 'process' ? otherProcess() : otherThread();
    expect(await other.take(directory)).toBe('held');
    await expect(lockDirectory(directory)).rejects.toEqual(inUse(other.pid, directory));
    await other.kill();
    // a thread that has ended is detected if the system lists threads
    if (kind === 'process' || onLinux) await (await lockDirectory(directory))();
  });

  test('D7b another copy of the module in this thread', async () => {
    const directory = folderOf();
    const { lockDirectory: ofCopy } = createRequire(copy)(copy) as { lockDirectory: typeof lockDirectory };
    const unlock = await ofCopy(directory);
    await expect(lockDirectory(directory)).rejects.toEqual(inUse(process.pid));
    await unlock();
    await (
      await lockDirectory(directory)
    )();
  });

  test('D7b a second disk buffer of this process, and one by another path', async () => {
    const directory = folderOf();
    const link = join(folderOf(), 'link');
    symlinkSync(directory, link);
    const first = watch(bufferOnDisk(NEVER, { settlement: 'none', directory })(NEVER));
    await when(() => existsSync(join(directory, '.cursor')));
    for (const path of [directory, link]) {
      const { end } = await watchAll(bufferOnDisk(NEVER, { settlement: 'none', directory: path })(NEVER));
      expect(end).toMatchObject({ name: 'DirectoryInUseError', directory: path, pid: process.pid });
    }
    expect(first.end).toBe('running');
    first.subscription.unsubscribe();
    // L1 by whatever path, too: it waits
    expect((await runAll(EMPTY, { directory: link })).end).toBe('complete');
  });
});

describe('D7d the lock of a dead holder is taken over', () => {
  const taken = async (directory: string) => {
    await (
      await lockDirectory(directory)
    )();
    expect(locksIn(directory)).toEqual([]);
  };
  const lock = (holder: object) => JSON.stringify({ token: 'of-another', ...holder });

  test.each([
    ['empty', ''],
    ['of zeros', '\0\0\0\0'],
    ['of anything', 'anything'],
    ['of JSON that is no lock', '[1]'],
    ['of nothing', 'null'],
    ['of process 0, which would be this group', lock({ pid: 0 })],
    ['of process -1, which would be all', lock({ pid: -1 })],
    ['with a token that would lead elsewhere', lock({ pid: process.ppid, token: '../../x' })],
    // pids end at 2²²
    ['of a dead process', lock({ pid: 4_194_305 })],
  ])('D7e a file that is %s', async (_, text) => {
    await taken(folderOf({ '.lock': text, '.lock-4711': '', '.lock-left': text }));
  });

  (onLinux ? test : test.skip)('D7e a pid that was given to another process, also to this one', async () => {
    for (const pid of [process.pid, process.ppid])
      await taken(folderOf({ '.lock': lock({ pid, thread: String(pid), began: 'earlier 1' }) }));
  });

  (onLinux ? test : test.skip)('D7e a zombie', async () => {
    // A shell that never waits for its child. The child ends after `exec`, or the shell itself would still reap it.
    const shell = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 1000'], { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(shell);
    const pid = Number((await createInterface(shell.stdout)[Symbol.asyncIterator]().next()).value);
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    await when(() => stat()[0] === 'Z');
    const began = `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${stat()[19]}`;
    await taken(folderOf({ '.lock': lock({ pid, thread: String(pid), began }) }));
  });

  test('one that dies while it takes over', async () => {
    const dead = lock({ pid: 4_194_305, token: 'first' });
    await taken(
      folderOf({
        '.lock': dead,
        '.lock-first': lock({ pid: 4_194_305, token: 'second' }),
        '.lock-second': lock({ pid: 4_194_305, token: 'third' }),
      }),
    );
  });

  test('a living process that takes over is not disturbed', async () => {
    const other = lock({ ...thisThread(), token: 'second' });
    const directory = folderOf({ '.lock': lock({ pid: 4_194_305, token: 'first' }), '.lock-first': other });
    await expect(lockDirectory(directory)).rejects.toEqual(inUse(process.pid));
    expect(readFileSync(join(directory, '.lock-first'), 'utf8')).toBe(other);
  });

  test('D7f if many start at the same time, exactly one gets it, round after round', async () => {
    const others = [...Array.from({ length: 3 }, otherProcess), ...Array.from({ length: 5 }, otherThread)];
    try {
      for (let round = 0; round < 60; round++) {
        const directory = folderOf(
          round % 3 === 0 ? {} : { '.lock': round % 3 === 1 ? lock({ pid: 4_194_305, token: `dead-${round}` }) : '' },
        );
        const results = await Promise.all(others.map(other => other.take(directory)));
        expect(results.filter(result => result === 'held')).toHaveLength(1);
        expect(results.filter(result => result.startsWith('DirectoryInUseError'))).toHaveLength(others.length - 1);
      }
    } finally {
      for (const other of others) await other.kill();
    }
  });
});

/** A disk of one megabyte without a free block, if this process may mount one. */
const fullDisk = (): string | undefined => {
  const disk = mkdtempSync(join(tmpdir(), 'rx-event-broker-disk-'));
  disks.push(disk);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0 ? disk : undefined;
};
const fill = (disk: string): void =>
  expect(() => writeFileSync(join(disk, 'fill'), new Uint8Array(2_000_000))).toThrow('ENOSPC');
const disks: string[] = [];
afterAll(() => {
  for (const disk of disks) {
    spawnSync('umount', ['-l', disk]);
    rmdirSync(disk);
  }
});

describe('D7h the lock of a full disk is a symbolic link', () => {
  const mounted = fullDisk();
  const onFullDisk = mounted === undefined ? test.skip : test;

  onFullDisk('a folder can be locked, by one; what a dead process has left there is taken over', async () => {
    const disk = fullDisk()!;
    fill(disk);
    const unlock = await lockDirectory(disk);
    expect(readlinkSync(join(disk, '.lock')).length).toBeLessThan(60);
    await expect(lockDirectory(disk)).rejects.toEqual(inUse(process.pid, disk));
    await unlock();
    const other = otherProcess();
    expect(await other.take(disk)).toBe('held');
    await expect(lockDirectory(disk)).rejects.toEqual(inUse(other.pid, disk));
    await other.kill();
    await (
      await lockDirectory(disk)
    )();
    expect(locksIn(disk)).toEqual([]);
  });

  onFullDisk('of many that start at the same time exactly one gets it', async () => {
    const disk = fullDisk()!;
    const others = [...Array.from({ length: 2 }, otherProcess), ...Array.from({ length: 4 }, otherThread)];
    const directories = Array.from({ length: 30 }, (_, round) => join(disk, String(round)));
    for (const [round, directory] of directories.entries()) {
      mkdirSync(directory);
      if (round % 2 === 1) symlinkSync(`4194305:dead-${round}`, join(directory, '.lock'));
    }
    fill(disk);
    try {
      for (const directory of directories) {
        const results = await Promise.all(others.map(other => other.take(directory)));
        expect(results.filter(result => result === 'held')).toHaveLength(1);
        expect(results.filter(result => result.startsWith('DirectoryInUseError'))).toHaveLength(others.length - 1);
      }
    } finally {
      for (const other of others) await other.kill();
    }
  });

  onFullDisk('D6e a disk buffer is opened and drained, which makes room', async () => {
    const disk = fullDisk()!;
    const directory = join(disk, 'buffer');
    const texts = Array.from({ length: 6 }, (_, i) => `${i}`.repeat(4096));
    // its consumer takes nothing
    const writing = bufferOnDisk(messagesOf(texts), { settlement: 'none', directory, eventsPerFile: 2 });
    const first = watch(writing(concat(of(true), NEVER)));
    await when(() => readdirSync(directory).filter(name => name.startsWith('datanode')).length === 3);
    first.subscription.unsubscribe();
    await when(() => locksIn(directory).length === 0);
    fill(disk);
    const bytes$ = bufferOnDisk(NEVER, { settlement: 'none', directory, eventsPerFile: 2 })(NEVER);
    const { texts: read } = await watchAll(bytes$.pipe(take(texts.length)));
    expect(read).toEqual(texts);
    expect(statfsSync(disk).bavail).toBeGreaterThan(0);
  });

  const link = (target: string): string => {
    const directory = folderOf();
    symlinkSync(target, join(directory, '.lock'));
    return directory;
  };
  test('elsewhere, too, it is read as a lock: a living holder has it', async () => {
    const { pid, thread, began } = thisThread();
    const targets = [`${pid}:token`, ...(onLinux ? [`${pid}:token:${thread}:${shortBegan(began!)}`] : [])];
    for (const target of targets) await expect(lockDirectory(link(target))).rejects.toEqual(inUse(process.pid));
  });

  test.each(['4194305:token', `${process.pid}:token:1:0000abcd 1`, '0:token', '1:../x', 'anything', '/dev/null'])(
    'and that of a dead one, or one that cannot be read, is taken over: %s',
    async target => {
      const directory = link(target);
      await (
        await lockDirectory(directory)
      )();
      expect(locksIn(directory)).toEqual([]);
    },
  );
});

describe('D7 giving it up', () => {
  test('does not remove another lock in its place', async () => {
    const directory = folderOf();
    const unlock = await lockDirectory(directory);
    const file = join(directory, '.lock');
    rmSync(file);
    writeFileSync(file, 'theirs');
    utimesSync(file, 1, 1);
    await unlock();
    expect(readFileSync(file, 'utf8')).toBe('theirs');
  });

  test('a folder that cannot exist is a system error; a missing argument is an OptionError', async () => {
    await expect(lockDirectory(join(folderOf({ file: '' }), 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    for (const directory of ['', 'a\0b', undefined, 7])
      expect(() => lockDirectory(directory as string)).toThrow(expect.objectContaining({ name: 'OptionError' }));
  });
});
