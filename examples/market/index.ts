import { encodeEvent, type VegaEvent } from 'rx-event-broker/vega';
import { marketBlocks, type MarketOptions } from './marketBlocks.js';
import { counter, type MarketTotals } from './totals.js';

export { marketBlocks, type MarketOptions, type MarketTotals };

/** One run of the simulator. `events` and `messages` are two views of one sequence: read one of them, once. */
export interface MarketRun {
  readonly events: Iterable<VegaEvent>;
  /** The same events, encoded for a file or a socket. */
  readonly messages: Iterable<Uint8Array>;
  /** The simulator's own counts of what has been read so far. */
  readonly totals: () => MarketTotals;
}

/**
 * A small exchange, simulated: some traders, two markets, well-formed blocks of events.
 *
 * The same options give the same bytes. Blocks are made one by one as they are read, so a run may be larger than memory.
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
