import { expect, test } from '@jest/globals';
import { concat, defer, delay, ignoreElements, merge, of } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';
import { analytics, type Trade } from '../../examples/downstream/analytics.js';
import { main } from '../../examples/downstream/main.js';
import { lines } from './lines.js';

const trade = (symbol: string, price: number, size: number): Trade => ({ type: 'Trade', symbol, price, size });
const trades = { a: trade('TEA', 5, 1), b: trade('CUP', 3, 2), c: trade('TEA', 4, 4) };

test('B14, B16 a candle for each twenty milliseconds that had trades, volumes by symbol', () => {
  runMarbles(({ cold, expectObservable }) => {
    const broker = eventBroker<Trade>();
    const { candle$, volume$ } = analytics(broker, saved => of(saved).pipe(delay(2)));
    const run$ = concat(
      broker.receive(cold('-a--b 50ms c|', trades)),
      defer(() => broker.drain()),
    );
    expectObservable(candle$).toBe('         20ms x 36ms (y|)', {
      x: { low: 3, high: 5, trades: 2 },
      y: { low: 4, high: 4, trades: 1 },
    });
    expectObservable(merge(volume$, run$.pipe(ignoreElements()))).toBe('---a--b 50ms (c|)', {
      a: 'TEA 1',
      b: 'CUP 2',
      c: 'TEA 5',
    });
  });
});

test('B1, B16 the volumes have every trade, and so have the candles together', async () => {
  const { print, printed } = lines();
  await main(print);
  const counts = printed.map(line => Number(/^candle: (\d+) trades/.exec(line)?.[1] ?? 0));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(24);
  expect(printed.filter(line => line.startsWith('volume: TEA')).at(-1)).toBe('volume: TEA 20');
  expect(printed.filter(line => line.startsWith('volume: CUP')).at(-1)).toBe('volume: CUP 40');
});
