// A screen draws for 5 ms at a time, and prices come faster than that.
// Look at the lines: each drawing has the latest price of every symbol that has changed, and says how many it replaces.
import { timer } from 'rxjs';
import { eventBroker, keepLatestBy, type Gap } from 'rx-event-broker';

type Price = { readonly type: 'Price'; readonly symbol: string; readonly value: number };

/** In ms. */
const drawTime = 5;

export const main = async (print: (line: string) => void): Promise<void> => {
  const broker = eventBroker<Price>();
  let superseded = 0;
  broker.subscribe({
    name: 'screen',
    required: false,
    overflow: keepLatestBy(({ symbol }) => symbol),
    missed: ({ count }: Gap<Price>) => (superseded = count),
    nextBatch: prices => {
      const shown = prices.map(({ symbol, value }) => `${symbol} ${value}`).join(', ');
      print(`draws ${shown}; ${superseded} older ones are not drawn`);
      superseded = 0;
      return timer(drawTime);
    },
  });

  broker.send({ type: 'Price', symbol: 'BTC', value: 100 });
  for (let value = 101; value <= 110; value++) broker.send({ type: 'Price', symbol: 'BTC', value });
  broker.send({ type: 'Price', symbol: 'ETH', value: 50 });
  for (let value = 111; value <= 120; value++) broker.send({ type: 'Price', symbol: 'BTC', value });

  await broker.drain().forEach(({ subscribers }) => {
    for (const { name, offered, delivered, dropped } of subscribers)
      print(`${name}: ${delivered} of ${offered} prices drawn, ${dropped} superseded`);
  });
};
