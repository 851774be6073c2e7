// The array that nobody sees: concatMap
//
// RxJS alone. While `concatMap` is busy, it puts what comes into an array without a bound.
// The source makes a value each `rate` ms, and a save takes `work` ms. Nothing tells the source.
//
// at 100 ms: twenty have come, and sixteen of them wait: `concatMap pending 16`.
// at 1000 ms: it goes on like this for as long as the program runs: `concatMap pending 151`.

import { concatMap, interval, timer } from 'rxjs';
import { control, lane } from 'playground';

const rate = control('rate', { min: 1, max: 50, value: 5, unit: 'ms' });
const work = control('work', { min: 1, max: 100, value: 20, unit: 'ms' });

// A lane of the timeline, since concatMap has no counters.
const queue = lane('concatMap');
const save = () => timer(work.value);

interval(rate.value)
  .pipe(queue.arrives(), concatMap(queue.work(save)))
  .subscribe();
