import { timer } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';

/** The time to save a trade, in ms. */
const saveTime = 2;

/** A required subscriber: it saves every trade. The market waits for it, and for no other subscriber. */
export const subscribeLedger = (broker: EventBroker<VegaEvent>): { readonly trades: number } => {
  const ledger = { trades: 0 };
  broker.subscribe({
    name: 'ledger',
    required: true,
    types: ['Trade'],
    highWaterMark: 4,
    next: () => {
      ledger.trades++;
      return timer(saveTime);
    },
  });
  return ledger;
};
