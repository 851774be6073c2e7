// A broker's streams, followed by plain RxJS: candles by `bufferTime`, volumes by `groupBy` and `scan`.
// Look at analytics.ts: slow work is in `project`, and the rest follows it.
// Look at the last volumes: they include every trade, and so do the candles together.
import { concat, defer, delay, ignoreElements, map, merge, of, take, timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { analytics, type Trade } from './analytics.js';

/** In ms. */
const tradeTime = 4;
const saveTime = 2;

const trade = (nr: number): Trade => ({
  type: 'Trade',
  symbol: nr % 3 === 0 ? 'TEA' : 'CUP',
  price: 100 + ((nr * 7) % 10),
  size: 1 + (nr % 4),
});

export const main = async (print: (line: string) => void): Promise<void> => {
  const broker = eventBroker<Trade>();
  const { candle$, volume$ } = analytics(broker, saved => of(saved).pipe(delay(saveTime)));
  const trades$ = timer(0, tradeTime).pipe(take(24), map(trade));
  await merge(
    candle$.pipe(map(({ low, high, trades }) => `candle: ${trades} trades from ${low} to ${high}`)),
    volume$.pipe(map(volume => `volume: ${volume}`)),
    // The streams complete when the broker is closed: after the last trade has been saved.
    concat(
      broker.receive(trades$),
      defer(() => broker.drain()),
    ).pipe(ignoreElements()),
  ).forEach(print);
};
