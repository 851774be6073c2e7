import { All, type EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';
import type { MarketTotals } from '../market/index.js';
import { counter } from '../market/totals.js';

/** The second branch's subscriber: counts everything once more, the unlisted events too. */
export const subscribeAudit = (broker: EventBroker<VegaEvent>): (() => MarketTotals) => {
  const { count, totals } = counter();
  broker.subscribe({ name: 'audit', required: true, types: [All, 'TxError'], next: count });
  return totals;
};
