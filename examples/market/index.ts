import { encodeEvent, type VegaEvent } from 'rx-event-broker/vega';
import { marketBlocks, type MarketOptions } from './marketBlocks.js';
import { counter, type MarketTotals } from './totals.js';

export { marketBlocks, type MarketOptions, type MarketTotals };

/** One run of the simulator. `events` and `messages` are two views of one sequence: take either, once. */
export interface MarketRun {
  readonly events: Iterable<VegaEvent>;
  /** The same, encoded: what a file or a socket carries. */
  readonly messages: Iterable<Uint8Array>;
  /** What has been taken so far, by the simulator's own count. */
  readonly totals: () => MarketTotals;
}

/**
 * A small exchange, simulated: some traders, two markets, well-formed blocks of events.
 *
 * The same options give the same bytes. Made as it is taken, a block at a time, so a run may be longer than memory.
 */
export const marketRun = (options: MarketOptions): MarketRun => {
  const { count, totals } = counter();
  const events = (function* () {
    for (const block of marketBlocks(options)) {
      for (const event of block) {
        count(event);
        yield event;
      }
    }
  })();
  const messages = (function* () {
    for (const event of events) yield encodeEvent(event);
  })();
  return { events, messages, totals };
};
