import type { LaneTrouble } from './LaneTrouble.js';
import { publishFailure } from './publishFailure.js';

/**
 * Retries `prepare` with a growing delay until it succeeds. If `cause` is given, it waits before the first try, too. Rejects
 * with a fatal error. Resolves with `false` if `isOver` becomes true first.
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
