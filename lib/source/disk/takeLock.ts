import { join, resolve } from 'node:path';
import { DirectoryInUseError } from './DirectoryInUseError.js';
import type { Files } from './Files.js';

/** Folders that this process holds: shared by every copy of this module in it. */
const heldFolders = Symbol.for('rx-event-broker.disk.held');
const held = ((globalThis as Record<symbol, unknown>)[heldFolders] ??= new Set<string>()) as Set<string>;

const lockName = (pid: number): string => `.lock-${pid}`;
const lockPid = (name: string): number => Number(/^\.lock-([1-9]\d*)$/.exec(name)?.[1] ?? 0);

/**
 * Takes the lock of a folder (promise D7); gives what releases it. Rejects with `DirectoryInUseError`.
 *
 * Each process puts down a file that bears its own pid, and only then looks for those of others. So of two that come at once
 * at least one sees the other: never do both go on. Files of the dead are removed, which two may do without harm.
 */
export const takeLock = async (files: Files, directory: string): Promise<() => Promise<void>> => {
  const folder = resolve(directory);
  if (held.has(folder)) throw new DirectoryInUseError(directory, process.pid);
  held.add(folder);
  const own = lockName(process.pid);
  const release = async () => {
    // in this order: who comes next in this process puts down a file of the same name
    await files.remove(join(directory, own)).finally(() => held.delete(folder));
  };
  try {
    // One of our own pid that is there already was a dead process's: we hold no other, as `held` tells.
    await (await files.open(join(directory, own), 'create')).close();
    for (const name of await files.list(directory)) {
      const pid = lockPid(name);
      if (pid === 0 || pid === process.pid) continue;
      if (isAlive(pid)) throw new DirectoryInUseError(directory, pid);
      await files.remove(join(directory, name)).catch(() => {});
    }
    return release;
  } catch (error) {
    await release().catch(() => {});
    throw error;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // not allowed to signal it: so it is there
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};
