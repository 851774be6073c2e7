import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shortBegan, thisThread, type Holder } from './holder.js';
import { systemCode } from '../../systemError.js';

/** The content of a lock: its holder, and a token that is never used again. */
export interface Lock extends Holder {
  readonly token: string;
}

/** A lock whose content was lost in a crash of the machine, or was written by another program. */
export const unreadable: Lock = { pid: 0, token: 'unreadable' };

export const newLock = (): Lock => ({ ...thisThread(), token: randomBytes(16).toString('base64url') });

/** The error codes of file systems without hard links. */
const noLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/** The error codes of a full file system. */
const noRoom = ['ENOSPC', 'EDQUOT'];

/**
 * Places a lock at `path`, and returns `false` if there is one already. On a full disk the lock is a symbolic link: opening
 * the buffer must still work, since draining it frees space.
 */
export const place = async (directory: string, path: string, lock: Lock): Promise<boolean> => {
  try {
    return await placeFile(directory, path, lock);
  } catch (error) {
    if (!noRoom.includes(systemCode(error) ?? '')) throw error;
    return placeLink(path, lock, error);
  }
};

/**
 * Places a lock as a symbolic link whose target is the content. The name and the target appear in one step. A target of
 * less than 60 bytes is kept in the inode, so it needs no disk block.
 */
const placeLink = async (path: string, lock: Lock, full: unknown): Promise<boolean> => {
  try {
    await symlink(targetOf(lock), path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw full;
  }
};

const targetOf = ({ pid, token, thread, began }: Lock): string =>
  [pid, token, ...(thread === undefined || began === undefined ? [] : [thread, shortBegan(began)])].join(':');

const parseTarget = (target: string): Lock => {
  const [, pid, token, thread, began] = /^([1-9]\d{0,9}):([\w-]+)(?::(\d+):([\da-f]+ \d+))?$/.exec(target) ?? [];
  if (pid === undefined || token === undefined) return unreadable;
  return { pid: Number(pid), token, ...(thread !== undefined && began !== undefined && { thread, began }) };
};

/**
 * Places a lock as a file. `link` makes the name and the content appear in one step, so a half-written lock is never read.
 */
const placeFile = async (directory: string, path: string, lock: Lock): Promise<boolean> => {
  const aside = join(directory, `.lock-${randomUUID()}`);
  try {
    await writeFile(aside, JSON.stringify(lock), { flag: 'wx' });
    try {
      await link(aside, path);
    } catch (error) {
      if (!noLinks.includes(systemCode(error) ?? '')) throw error;
      await writeFile(path, JSON.stringify(lock), { flag: 'wx' });
    }
    return true;
  } catch (error) {
    // the temporary file is gone: the caller that got the lock has removed it
    const isLost = systemCode(error) === 'ENOENT' && (await exists(directory));
    if (systemCode(error) === 'EEXIST' || isLost) return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** How long an unreadable lock may be half-written, in ms, on file systems where a lock does not appear in one step. */
const PATIENCE = 100;

/** The lock at `path`, or `undefined` if there is none. */
export const readLock = async (path: string): Promise<Lock | undefined> => {
  const first = await readOnce(path);
  if (first !== unreadable) return first;
  await new Promise(resolve => setTimeout(resolve, PATIENCE));
  return readOnce(path);
};

const readOnce = async (path: string): Promise<Lock | undefined> => {
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) return parseTarget(target);
  try {
    const { pid, token, thread, began } = JSON.parse(await readFile(path, 'utf8')) as Partial<Record<string, unknown>>;
    // process.kill treats 0 and negative numbers as process groups
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || typeof token !== 'string' || !/^[\w-]+$/.test(token))
      return unreadable;
    const isKnown = typeof thread === 'string' && /^\d+$/.test(thread) && typeof began === 'string';
    return { pid: pid as number, token, ...(isKnown && { thread, began }) };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    if (systemCode(error) !== undefined) throw error;
    return unreadable;
  }
};
