import { timer } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';

/** The time to save a block, in ms. */
const saveTime = 5;

/** A required subscriber: it has every trade, and saves them block by block. The market waits for it, and for nobody else. */
export const subscribeLedger = (broker: EventBroker<VegaEvent>): { readonly trades: number } => {
  const ledger = { trades: 0 };
  broker.subscribe({
    name: 'ledger',
    required: true,
    types: ['Trade', 'EndBlock'],
    highWaterMark: 64,
    next: event => {
      if (event.type === 'EndBlock') return timer(saveTime);
      ledger.trades++;
      return undefined;
    },
  });
  return ledger;
};
