// The same with backpressure: a queue of four
//
// The same source and the same work as with `concatMap`. The queue has a mark, and at the mark
// the source is paused: no value is made that would have to wait somewhere.
//
// at 100 ms: the queue is at its mark: `backpressure pending 4`, `source of backpressure 1: paused`. At half
// of the mark the source goes on.
// at 1000 ms: the queue is no longer than it was: `backpressure pending 3`, `backpressure dropped 0`.
// at 1204 ms, work = 2: the work is faster than the source: `backpressure pending 0`.

import { timer } from 'rxjs';
import { backpressure, fromPull } from 'rx-event-broker';
import { control } from 'playground';

const rate = control('rate', { min: 1, max: 50, value: 5, unit: 'ms' });
const work = control('work', { min: 1, max: 100, value: 20, unit: 'ms' });

async function* numbers() {
  for (let n = 1; ; n++) {
    await new Promise(done => setTimeout(done, rate.value));
    yield n;
  }
}
backpressure(pause$ => fromPull(numbers, { pause$ }), {
  required: true,
  highWaterMark: 4,
  project: () => timer(work.value),
}).subscribe();
