import { timer } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';

/** In ms: how long it takes to keep the trades of a block. */
const commitTime = 2;

export interface Ledger {
  readonly trades: number;
  readonly blocks: number;
  readonly volume: bigint;
  /** Whether each event came after the one before it. */
  readonly inOrder: boolean;
}

/**
 * A **required** subscriber, asynchronous and a little slow: it notes each trade, and commits them at the end of a block.
 *
 * The broker waits for what `next` returns. Meanwhile up to `highWaterMark` events wait; then the files are paused.
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
        return timer(commitTime); // a database would take as long
      }
      ledger.trades++;
      ledger.volume += event.payload.size;
      return undefined;
    },
  });
  return ledger;
};
