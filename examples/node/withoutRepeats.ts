import { defer, filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { VegaEvent } from 'rx-event-broker/vega';
import { isStored, type Progress } from './progress.js';

/**
 * Lets every event of every block pass once, although a core that was cut off begins again at a block: what is stored, and what
 * has passed, is taken out.
 *
 *     1 stored         core   2a 2b 2c 3a ✂ 2a 2b 2c 3a 3b 4a
 *     withoutRepeats          2a 2b 2c 3a             3b 4a
 *
 * A core begins with a begin-block, and a block is the same each time, so its events are counted: a sequence number would not
 * do, as an event that stands for no records shares its number with the next one. Behind it belongs `verifySequence`, which
 * finds whatever is missing.
 */
export const withoutRepeats =
  (stored: Progress): MonoTypeOperatorFunction<VegaEvent> =>
  source =>
    defer(() => {
      let height = 0;
      /** How many events have passed of each block at this height: the first one may have two. */
      const passed = new Map<string, number>();
      /** The number of an event in its block. */
      let at = 0;
      return source.pipe(
        filter(({ type, blockNr, traceId: hash }) => {
          at = type === 'BeginBlock' ? 1 : at + 1;
          if (blockNr < height || isStored(stored, { height: blockNr, hash })) return false;
          if (blockNr > height) passed.clear();
          height = blockNr;
          if (at <= (passed.get(hash) ?? 0)) return false;
          passed.set(hash, at);
          return true;
        }),
      );
    });
