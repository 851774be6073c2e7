// What fails is parked, and its key keeps its order
//
// Ann's account is closed, so her payment fails. It is parked, and her later ones behind it.
// Bob does not wait. At 100 ms the account is open again, and what is parked is replayed.
//
// at 12 ms: one try and one more have failed: `bank failed 1`. The payment is parked.
// at 60 ms: Bob is paid, and Ann's second payment is parked behind the first:
// `bank delivered 1`, `bank failed 2`.
// at 200 ms: the replay has paid both, in their order: `paid Ann 100`, `paid Ann 300`.

import { timer, map } from 'rxjs';
import { backpressure, eventBroker, memoryParking, park } from 'rx-event-broker';

type Payment = { type: 'Payment'; account: string; cents: number };
const closed = new Set(['Ann']);
const pay = ({ account, cents }: Payment) =>
  timer(5).pipe(
    map(() => {
      if (closed.has(account)) throw new Error(`${account} is closed`);
      console.log(`paid ${account} ${cents}`);
    }),
  );

const parking = memoryParking<Payment>();
const broker = eventBroker<Payment>();
broker.subscribe({
  name: 'bank',
  required: true,
  retry: 1,
  onFailure: park(parking, { by: ({ account }) => account }),
  next: pay,
});
broker.send({ type: 'Payment', account: 'Ann', cents: 100 });
broker.send({ type: 'Payment', account: 'Bob', cents: 200 });
broker.send({ type: 'Payment', account: 'Ann', cents: 300 });

setTimeout(() => {
  closed.clear();
  backpressure(parking.replay(), { name: 'replay', required: true, project: pay }).subscribe();
}, 100);
