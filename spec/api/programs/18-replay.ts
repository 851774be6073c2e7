import { eventBroker, replay } from 'rx-event-broker';

interface Price {
  readonly type: 'Price';
  readonly symbol: string;
  readonly value: number;
}
declare const draw: (price: Price) => void;

// 18. A late subscriber gets the state, then the changes, without a gap between.
const broker = eventBroker<Price>({ replay: replay({ keepLatestBy: e => e.symbol, events: 5000 }) });
broker.subscribe({ required: false, since: 'replay', next: draw });
