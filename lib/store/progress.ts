import { shown } from '../event/shown.js';
import type { BlockProgress } from './blocks.js';

/** Checks the progress that a store returned. Drivers may return a bigint as text, and adding 1 to text appends a digit. */
export const checkedProgress = (progress: unknown): BlockProgress | undefined => {
  if (progress === undefined) return undefined;
  const { firstHeight, height, hashes } = (progress ?? {}) as Readonly<Record<keyof BlockProgress, unknown>>;
  const isRight =
    Number.isSafeInteger(firstHeight) &&
    Number.isSafeInteger(height) &&
    Array.isArray(hashes) &&
    hashes.every(hash => typeof hash === 'string');
  if (!isRight)
    throw new Error(`expected a firstHeight and a height that are whole numbers, and hashes, found ${shown(progress)}`);
  return progress as BlockProgress;
};

/**
 * Compares a begin-block with what is stored (promise S1): it is `next`, or `stored` already, or its height is `wrong`.
 *
 * A recording has its first block twice, with two hashes. So a second block at the first height is allowed, as long as no
 * later one is stored.
 */
export const placeOfBlock = (
  progress: BlockProgress | undefined,
  firstHeight: number,
  height: number,
  hash: string,
): 'next' | 'stored' | 'wrong' => {
  if (progress === undefined) return height === firstHeight ? 'next' : 'wrong';
  if (height === progress.height + 1) return 'next';
  if (height > progress.firstHeight && height <= progress.height) return 'stored';
  if (height !== progress.firstHeight) return 'wrong';
  if (progress.hashes.includes(hash)) return 'stored';
  return progress.height === height && progress.hashes.length === 1 ? 'next' : 'wrong';
};

/** The progress after storing a block that is `next`. */
export const progressWith = (progress: BlockProgress | undefined, height: number, hash: string): BlockProgress => {
  if (progress === undefined) return { firstHeight: height, height, hashes: [hash] };
  return {
    ...progress,
    height,
    hashes: height === progress.firstHeight ? [...progress.hashes, hash] : progress.hashes,
  };
};
