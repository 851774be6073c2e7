import { ignoreOutcome } from '../flow/mailbox/Work.js';
import type { BlockStore } from './BlockStore.js';

/** Whether an error concerns only the row, as the store says. A store that does not say counts every error as one of a row. */
export const badRowOf =
  (store: Pick<BlockStore<unknown>, 'isBadRow'>) =>
  (error: unknown): boolean => {
    try {
      if (store.isBadRow === undefined) return true;
      // a Promise is truthy, so every error would count as a bad row
      const isBad: unknown = store.isBadRow(error);
      ignoreOutcome(isBad);
      return isBad === true;
    } catch {
      return false;
    }
  };
