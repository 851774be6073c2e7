import type { NextObserver } from 'rxjs';
import type { Notice, Who } from './Notice.js';

/**
 * Where notices go. A failure that ends nothing and that nobody observes is written to `console.error`, once
 * (promise B10): nothing is lost silently.
 */
export const reporter = <E>(notices: NextObserver<Notice<E>> | undefined, who: Who) => {
  let written = false;
  return {
    notify: (notice: Notice<E>): void => {
      notices?.next(notice);
    },
    failed: (events: readonly E[], error: unknown, attempts: number, heard = false): void => {
      // a Subject says whether anybody listens; any other observer does
      const observed = notices !== undefined && (notices as { observed?: boolean }).observed !== false;
      notices?.next({ type: 'Failed', subscriber: who, events, error, attempts });
      if (observed || heard || written) return;
      written = true;
      console.error(`rx-event-broker: ${who.name} failed, and nobody observes its notices`, error);
    },
  };
};
