// A process that takes orders from the queue and prints each order that it has processed. It runs until it is killed.
import { map, timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { rabbitQueue } from './rabbitQueue.js';

const [url = '', queue = ''] = process.argv.slice(2);
const broker = eventBroker<{ readonly type: 'Order'; readonly id: number }>();
broker.subscribe({
  name: 'ledger',
  required: true,
  highWaterMark: 20,
  next: async ({ id }) => {
    await new Promise(resolve => timer(1).subscribe(resolve));
    console.log(`done ${id}`);
  },
});

const messages = rabbitQueue({ url, queue, prefetch: 50 });
broker
  .receive((pause$, settlement) =>
    messages(pause$, settlement).pipe(map(({ content }) => ({ type: 'Order', id: Number(content.toString()) }))),
  )
  .subscribe();
