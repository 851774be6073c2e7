// A broker with two subscribers: one is required and gets prices, the other is optional and gets everything.
// Look at the order of the lines: both handlers run inside `send`, in the order of subscription.
import { eventBroker } from 'rx-event-broker';

type Price = { readonly type: 'Price'; readonly symbol: string; readonly value: number };
type Halt = { readonly type: 'Halt'; readonly symbol: string };

export const main = (print: (line: string) => void): void => {
  const broker = eventBroker<Price | Halt>();
  broker.subscribe({ required: true, types: ['Price'], next: ({ symbol, value }) => print(`save ${symbol} ${value}`) });
  broker.subscribe({ required: false, next: ({ type, symbol }) => print(`show ${type} of ${symbol}`) });
  broker.send({ type: 'Price', symbol: 'RX', value: 42 });
  broker.send({ type: 'Halt', symbol: 'RX' });
};
