// Only the latest price of each symbol
//
// A screen draws for `draw` ms, and prices of three symbols come faster than that. Of each symbol,
// only the latest waits: a newer price takes the place of the one before it.
//
// at 40 ms: the screen has drawn once. Three prices are being drawn, and at most one of each symbol waits:
// `screen delivered 1`, `screen pending 5`.
// at 400 ms: of 80 prices, 38 were superseded before they could be drawn, and each was counted:
// `screen offered 80`, `screen dropped 38`.

import { timer } from 'rxjs';
import { eventBroker, keepLatestBy } from 'rx-event-broker';
import { control } from 'playground';

const draw = control('draw', { min: 1, max: 100, value: 30, unit: 'ms' });

type Price = { type: 'Price'; symbol: string; value: number };
const broker = eventBroker<Price>();
broker.subscribe({
  name: 'screen',
  required: false,
  overflow: keepLatestBy(({ symbol }) => symbol),
  nextBatch: prices => {
    console.log(prices.map(({ symbol, value }) => `${symbol} ${value}`).join(', '));
    return timer(draw.value);
  },
});
let value = 100;
setInterval(() => {
  const symbol = ['BTC', 'ETH', 'XMR'][value % 3]!;
  broker.send({ type: 'Price', symbol, value: value++ });
}, 5);
