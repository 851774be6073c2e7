import { timer } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';

/** The time to store the trades of a block, in ms. */
const commitTime = 2;

export interface Ledger {
  readonly trades: number;
  readonly blocks: number;
  readonly volume: bigint;
  /** Whether each event came after the one before it. */
  readonly inOrder: boolean;
}

/**
 * A **required** subscriber, asynchronous and a little slow: it collects trades, and commits them at the end of each block.
 *
 * The broker waits for the result of `next`. When `highWaterMark` events are pending, the files are paused.
 */
export const subscribeLedger = (broker: EventBroker<VegaEvent>): Ledger => {
  const ledger = { trades: 0, blocks: 0, volume: 0n, inOrder: true };
  let last = { blockNr: 0, sequence: 0, traceId: '' };
  broker.subscribe({
    name: 'ledger',
    required: true,
    types: ['Trade', 'EndBlock'],
    highWaterMark: 64,
    next: event => {
      ledger.inOrder &&=
        event.traceId === last.traceId ? event.sequence > last.sequence : event.blockNr >= last.blockNr;
      last = event;
      if (event.type === 'EndBlock') {
        ledger.blocks++;
        return timer(commitTime); // as long as a database would take
      }
      ledger.trades++;
      ledger.volume += event.payload.size;
      return undefined;
    },
  });
  return ledger;
};
