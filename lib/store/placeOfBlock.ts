import type { BlockProgress } from './BlockProgress.js';

/**
 * Where a begin-block stands to what is stored (promise S1): `next` comes next, `stored` is there already, `wrong` is a
 * height that cannot come.
 *
 * A recording has its first block twice, with two hashes; so the first height may come once more, while it is the last.
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

/** The progress once a block that is `next` is stored. */
export const progressWith = (progress: BlockProgress | undefined, height: number, hash: string): BlockProgress => {
  if (progress === undefined) return { firstHeight: height, height, hashes: [hash] };
  return {
    ...progress,
    height,
    hashes: height === progress.firstHeight ? [...progress.hashes, hash] : progress.hashes,
  };
};
