import { Subscription, type SchedulerLike } from 'rxjs';
import { after } from '../../../flow/clock.js';
import type { BlockOf } from '../BlockOf.js';
import type { Feed } from '../Feed.js';

/** Skips messages before the first start of a block, and waits before each later start (promise R3). */
export const pacedByBlock = (
  feed: Feed<Uint8Array>,
  options: {
    readonly blockOf: BlockOf;
    /** In ms. */
    readonly timeBetweenBlocks: number;
    readonly scheduler: SchedulerLike;
  },
): Feed<Uint8Array> => {
  const { blockOf, timeBetweenBlocks, scheduler } = options;
  let hasBegun = false;
  /** The first message of a block, held until it is due. */
  let held: Uint8Array | undefined;
  let isDue = false;
  let timer = Subscription.EMPTY;

  return {
    take() {
      if (held !== undefined) {
        if (!isDue) return undefined;
        const message = held;
        held = undefined;
        isDue = false;
        return message;
      }
      for (;;) {
        const message = feed.take();
        if (message === undefined) return undefined;
        if (hasBegun && timeBetweenBlocks === 0) return message; // without a wait, the block does not matter
        const { begins } = blockOf(message);
        if (hasBegun && begins) {
          held = message;
          return undefined;
        }
        hasBegun ||= begins;
        if (hasBegun) return message;
      }
    },
    more() {
      if (held === undefined) return feed.more();
      return new Promise(resolve => {
        timer = after(scheduler, timeBetweenBlocks, () => {
          isDue = true;
          resolve(true);
        });
        timer.add(() => resolve(true));
      });
    },
    close() {
      timer.unsubscribe();
      return feed.close();
    },
  };
};
