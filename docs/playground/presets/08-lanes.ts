// Lanes: several at a time, in order for each key
//
// Orders of three customers. Three deliveries run at a time, and those of one customer stay in
// their order. Ann's orders take long, and hold up nobody but Ann.
//
// at 10 ms: Bob's and Cid's first orders are stored, and Ann's is still in progress:
// `orders delivered 2`.
// at 130 ms: all are stored: `orders delivered 9`, `orders pending 0`. Ann's last one came last: `Ann 3`.

import { tap, timer } from 'rxjs';
import { eventBroker, lanes } from 'rx-event-broker';

type Order = { type: 'Order'; customer: string; nr: number };
const broker = eventBroker<Order>();
broker.subscribe({
  name: 'orders',
  required: true,
  lanes: lanes({ concurrency: 3, by: ({ customer }: Order) => customer }),
  next: ({ customer, nr }) => timer(customer === 'Ann' ? 40 : 10).pipe(tap(() => console.log(`${customer} ${nr}`))),
});
for (let nr = 1; nr <= 3; nr++) {
  for (const customer of ['Ann', 'Bob', 'Cid']) broker.send({ type: 'Order', customer, nr });
}
