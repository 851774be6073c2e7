// A pause travels back to the source
//
// The source makes a price each `rate` ms. The ledger is required and takes `work` ms for each,
// so its queue fills up to its mark of 4, and the source is paused. The chart is optional, and
// takes three times as long: what does not fit into its buffer of 2 is dropped, and nobody waits.
//
// at 10 ms: three prices so far. One is in progress, and two wait: `ledger pending 3`.
// at 15 ms: the queue is at its mark, and the pause is at the source: `ledger pending 4`,
// `source of broker 1: paused`. The chart has lost its first price: `chart dropped 1`.
// at 40 ms: two are saved, so the queue has fallen to half of its mark: `ledger delivered 2`,
// `source of broker 1: open`.
// at 400 ms, work = 2: the ledger is now faster than the source. Nothing waits:
// `source of broker 1: open`, `ledger pending 0`. The chart needs 6 ms, and loses one now and then:
// `chart dropped 13`.

import { timer } from 'rxjs';
import { eventBroker, fromPull } from 'rx-event-broker';
import { control } from 'playground';

const rate = control('rate', { min: 1, max: 50, value: 5, unit: 'ms' });
const work = control('work', { min: 1, max: 100, value: 20, unit: 'ms' });

const broker = eventBroker<{ type: 'Price'; n: number }>();
broker.subscribe({
  name: 'ledger',
  required: true,
  highWaterMark: 4,
  next: () => timer(work.value),
});
broker.subscribe({
  name: 'chart',
  required: false,
  capacity: 2,
  next: () => timer(3 * work.value),
});

// The next price is asked for when the one before it was taken and nothing is paused.
async function* prices() {
  for (let n = 1; ; n++) {
    yield { type: 'Price' as const, n };
    await new Promise(done => setTimeout(done, rate.value));
  }
}
broker.receive(pause$ => fromPull(prices, { pause$ })).subscribe();
