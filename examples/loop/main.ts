// A loop as a required consumer: it reads orders in pairs, saves each pair, and pauses its source meanwhile.
// Look at "read": never more than three orders are read before they are saved.
import { lastValueFrom } from 'rxjs';
import { eventBroker, fromPull } from 'rx-event-broker';

type Order = { readonly type: 'Order'; readonly id: number };

const save = () => new Promise(resolve => setImmediate(resolve));

export const main = async (print: (line: string) => void): Promise<void> => {
  const broker = eventBroker<Order>();
  let read = 0;
  const orders = function* (): Generator<Order> {
    while (read < 6) yield { type: 'Order', id: ++read };
  };

  const pairs = async () => {
    let first: Order | undefined;
    for await (const order of broker.iterate({ required: true, types: ['Order'], highWaterMark: 2 })) {
      if (first === undefined) {
        first = order;
        continue;
      }
      await save();
      print(`saved ${first.id} and ${order.id}, ${read} read`);
      first = undefined;
    }
    print('the loop has ended');
  };
  const paired = pairs();
  await lastValueFrom(
    broker.receive(pause$ => fromPull(orders, { pause$ })),
    { defaultValue: undefined },
  );
  broker.drain().subscribe();
  await paired;
};
