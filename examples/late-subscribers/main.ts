// A page is opened while prices are coming. It shows the latest price of each symbol first, and then each change.
// A client reconnects twice: once soon enough to continue after the last price that it saw, and once too late.
import { eventBroker, replay, type Expired, type Gap } from 'rx-event-broker';

type Price = { readonly type: 'Price'; readonly nr: number; readonly symbol: string; readonly value: number };
type Print = (line: string) => void;

const shown = ({ symbol, value }: Price): string => `${symbol} ${value}`;

/** Keeps the latest price of each symbol. */
const page = (print: Print): void => {
  const broker = eventBroker<Price>({ replay: replay({ keepLatestBy: ({ symbol }: Price) => symbol }) });
  let nr = 0;
  const send = (symbol: string, value: number): boolean => broker.send({ type: 'Price', nr: ++nr, symbol, value });
  send('BTC', 100);
  send('ETH', 50);
  send('BTC', 101);
  broker.subscribe({
    required: false,
    since: 'replay',
    nextBatch: prices => print(`page: ${prices.map(shown).join(', ')}`),
  });
  send('ETH', 51);
  broker.close();
};

/** Keeps the last three events, for clients that were disconnected for a moment. */
const client = (print: Print): void => {
  const broker = eventBroker<Price>({ replay: replay({ events: 3 }) });
  for (let nr = 1; nr <= 5; nr++) broker.send({ type: 'Price', nr, symbol: 'BTC', value: 100 + nr });
  for (const lastNr of [3, 1]) {
    print(`client: back after ${lastNr}`);
    broker
      .subscribe({
        required: false,
        since: { after: ({ nr }) => nr === lastNr },
        missed: ({ reason }: Gap<Price> | Expired) => print(`  ${reason}: reload what you show`),
        next: price => print(`  ${price.nr}: ${shown(price)}`),
      })
      .unsubscribe();
  }
  broker.close();
};

export const main = async (print: Print): Promise<void> => {
  page(print);
  client(print);
};
