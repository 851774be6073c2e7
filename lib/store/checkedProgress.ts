import { shown } from '../event/shown.js';
import type { BlockProgress } from './BlockProgress.js';

/** What a store says of its progress, looked at: heights as text, as drivers give a bigint, would be joined, not added. */
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
