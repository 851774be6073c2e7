import { timer } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';

/** In ms: how long it takes to draw a point. */
const drawTime = 10;

export interface Chart {
  readonly points: number;
  /** What it was told that it missed: how many events, in how many gaps, the largest of them. */
  readonly missed: number;
  readonly gaps: number;
  readonly largest: { readonly count: number; readonly from: string; readonly to: string };
}

/**
 * An **optional** subscriber, and slow: nobody waits for it. The newest 50 market data wait for it, older ones are dropped.
 *
 * It is told what it missed before the next delivery, right where the gap is, so that it can draw one.
 */
export const subscribeChart = (broker: EventBroker<VegaEvent>): Chart => {
  const chart = { points: 0, missed: 0, gaps: 0, largest: { count: 0, from: '', to: '' } };
  broker.subscribe({
    name: 'chart',
    required: false,
    types: ['MarketData'],
    capacity: 50,
    overflow: 'dropOldest',
    missed: ({ count, first, last }) => {
      chart.missed += count;
      chart.gaps++;
      if (count > chart.largest.count) chart.largest = { count, from: idOf(first), to: idOf(last) };
    },
    next: () => {
      chart.points++;
      return timer(drawTime);
    },
  });
  return chart;
};

const idOf = ({ blockNr, sequence }: VegaEvent): string => `${blockNr}-${sequence}`;
