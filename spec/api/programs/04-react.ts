// 4. A React component: pauses while the tab is hidden, closes on unmount.
import { useEffect, useState, createElement as h } from 'react';
import { fromEvent, map, startWith } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';

type Price = { readonly type: 'Price'; readonly symbol: string; readonly value: number };
type Halt = { readonly type: 'Halt'; readonly symbol: string };

const hidden$ = fromEvent(document, 'visibilitychange').pipe(
  startWith(null),
  map(() => document.hidden),
);

export function Ticker({ broker, symbol }: { broker: EventBroker<Price | Halt>; symbol: string }) {
  const [price, setPrice] = useState<number>();
  const [missed, setMissed] = useState(0);

  useEffect(() => {
    const subscription = broker.subscribe({
      name: `ticker ${symbol}`,
      required: false,
      types: ['Price'],
      capacity: 1,
      overflow: 'dropOldest',
      skip$: hidden$,
      next: p => {
        if (p.symbol === symbol) setPrice(p.value);
      },
      missed: gap => setMissed(n => n + gap.count),
    });
    return () => subscription.unsubscribe();
  }, [broker, symbol]);

  return h('output', null, `${symbol} ${price ?? '…'} (${missed} missed)`);
}
