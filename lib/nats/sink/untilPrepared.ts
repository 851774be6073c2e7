import type { LaneTrouble } from './LaneTrouble.js';
import { publishFailure } from './publishFailure.js';

/**
 * Repeats `prepare` until it works, with a growing delay. Rejects with what will never work. `cause`: why it waits before the first
 * try. Resolves with `false` if it is over by then.
 */
export const untilPrepared = async (
  prepare: () => Promise<void>,
  trouble: LaneTrouble,
  isOver: () => boolean,
  cause: unknown,
): Promise<boolean> => {
  for (let reason = cause; !isOver();) {
    if (reason !== undefined) {
      if (!trouble.isFull || publishFailure(reason) !== 'full') trouble.worry(reason);
      await trouble.wait();
      if (isOver()) return false;
    }
    try {
      await prepare();
      return !isOver();
    } catch (error) {
      if (isOver()) return false;
      if (publishFailure(error) === 'fatal') throw error;
      reason = error;
    }
  }
  return false;
};
