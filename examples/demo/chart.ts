import { timer } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';
import type { VegaEvent } from 'rx-event-broker/vega';

/** The time to draw a point, in ms. */
const drawTime = 10;

export interface Chart {
  readonly points: number;
  /** What it was notified of as missed: the number of events and gaps, and the largest gap. */
  readonly missed: number;
  readonly gaps: number;
  readonly largest: { readonly count: number; readonly from: string; readonly to: string };
}

/**
 * An **optional**, slow subscriber: nothing waits for it. It keeps the newest 50 market data events, and older ones are dropped.
 *
 * It is notified of what it missed before the next delivery, so it can draw the gap in its place.
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
