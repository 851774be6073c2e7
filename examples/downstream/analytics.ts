import { bufferTime, filter, groupBy, map, mergeMap, type Observable, scan } from 'rxjs';
import type { EventBroker } from 'rx-event-broker';

export type Trade = {
  readonly type: 'Trade';
  readonly symbol: string;
  readonly price: number;
  readonly size: number;
};

export interface Candle {
  readonly low: number;
  readonly high: number;
  readonly trades: number;
}

/** In ms. */
const candleTime = 20;

/** Candles and volumes of trades. A broker's streams are Observables, so any RxJS operator can follow them. */
export const analytics = (
  broker: EventBroker<Trade>,
  save: (trade: Trade) => Observable<Trade>,
): Readonly<{ candle$: Observable<Candle>; volume$: Observable<string> }> => ({
  // Optional: a candle may miss a trade, but nothing must wait for it. Nothing here takes time, so none is missed.
  candle$: broker.stream({ required: false }).pipe(
    bufferTime(candleTime),
    filter(trades => trades.length > 0),
    map(trades => {
      const prices = trades.map(({ price }) => price);
      return { low: Math.min(...prices), high: Math.max(...prices), trades: trades.length };
    }),
  ),
  // Required: slow work is in `project`, so the broker waits for it. The operators after it are synchronous.
  volume$: broker.stream({ required: true, project: save }).pipe(
    groupBy(({ symbol }) => symbol),
    mergeMap(trade$ =>
      trade$.pipe(
        scan((volume, { size }) => volume + size, 0),
        map(volume => `${trade$.key} ${volume}`),
      ),
    ),
  ),
});
