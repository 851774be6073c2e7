import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkOption, needed } from '../../../../flow/contract/options.js';
import { DirectoryInUseError } from '../errors.js';
import { isAlive } from './holder.js';
import { newLock, place, readLock, unreadable, type Lock } from './lockFile.js';
import { path } from '../../optionChecks.js';
import { systemCode } from '../../systemError.js';

const LOCK_NAME = '.lock';
const BESIDE_LOCK = `${LOCK_NAME}-`;

/** Tokens of locks that were released but could not be removed. They hold nothing. */
const released = new Set<string>();

/**
 * Locks a folder for the calling thread, creating it if it does not exist, and resolves to the function that releases
 * it (promise D7). Until that is called, no other call, thread or process of this machine can lock the folder, by any
 * path. The lock of a process that has died is taken over.
 *
 * Rejects with `DirectoryInUseError`. Throws `OptionError`.
 *
 * The lock is a file in the folder itself, so every path to the folder leads to the same lock. docs/decisions/0013
 * proves that no two callers hold it:
 *
 * 1. The file, or on a full disk a symbolic link, appears together with its content, and only if no lock exists (`place`).
 * 2. A dead lock is removed only by a caller that has placed a _claim_ with the token of that lock, and has then seen
 *    that token in the lock. Tokens are never reused, so a lock newer than the one seen is never removed.
 * 3. A claim is a lock on the lock, so a dead claim is removed in the same way.
 *
 * @param directory - The path of the folder.
 * @example
 * ```ts
 * const release = await lockDirectory('buffer');
 * await release();
 * ```
 * @see node_modules/rx-event-broker/docs/sources/disk-buffer.md
 */
export const lockDirectory = (directory: string): Promise<() => Promise<void>> => {
  checkOption('directory', directory, needed(path));
  return acquire(resolve(directory));
};

const acquire = async (directory: string): Promise<() => Promise<void>> => {
  await mkdir(directory, { recursive: true });
  const file = join(directory, LOCK_NAME);
  const own = newLock();
  while (!(await place(directory, file, own))) {
    const other = await readLock(file);
    if (other !== undefined) await removeDead(directory, file, other, own);
  }
  try {
    const placed = await identityOf(file);
    await removeLeftovers(directory);
    return () => release(file, own, placed);
  } catch (error) {
    await release(file, own, undefined).catch(() => {});
    throw error;
  }
};

/** Removes the lock, unless another lock has replaced it. */
const release = async (file: string, { token }: Lock, placed: string | undefined): Promise<void> => {
  released.add(token);
  if (placed === undefined || (await identityOf(file)) === placed) await rm(file, { force: true });
  released.delete(token);
};

/** Identifies a file without opening it, so that a process without free file descriptors can release its lock. */
const identityOf = async (file: string): Promise<string | undefined> => {
  try {
    const { ino, mtimeNs } = await lstat(file, { bigint: true });
    return `${ino} ${mtimeNs}`;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
};

const isHeld = (lock: Lock): boolean => lock !== unreadable && !released.has(lock.token) && isAlive(lock);

/** Removes the lock at `file` if it is still the dead one that was seen. Rejects if a live caller holds it or is taking it. */
const removeDead = async (directory: string, file: string, seen: Lock, own: Lock): Promise<void> => {
  if (isHeld(seen)) throw new DirectoryInUseError(directory, seen.pid);
  const claim = join(directory, `${BESIDE_LOCK}${seen.token}`);
  if (await place(directory, claim, own)) {
    try {
      if ((await readLock(file))?.token === seen.token) await rm(file, { force: true });
    } finally {
      await rm(claim, { force: true });
    }
    return;
  }
  const claimed = await readLock(claim);
  if (claimed !== undefined) await removeDead(directory, claim, claimed, own);
};

/**
 * Removes files that dead callers left next to the lock. If it removes the claim of a live caller, that caller sees the
 * new lock.
 */
const removeLeftovers = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(BESIDE_LOCK)) continue;
    const file = join(directory, name);
    const lock = await readLock(file);
    if (lock !== undefined && !isHeld(lock)) await rm(file, { force: true });
  }
};
