// Hold, or skip
//
// The same pause for two subscribers, from 20 ms to 60 ms. One holds what comes, the other one skips it.
//
// at 50 ms: `holds pending 4`, `skips skipped 4`.
// at 60 ms: the pause is over. What was held is delivered: `holds delivered 6`, `holds pending 0`.

import { BehaviorSubject } from 'rxjs';
import { eventBroker } from 'rx-event-broker';

const paused$ = new BehaviorSubject(false);
const broker = eventBroker<{ type: 'Message'; n: number }>();
broker.subscribe({ name: 'holds', required: true, hold$: paused$, next: ({ n }) => console.log(`holds: ${n}`) });
broker.subscribe({ name: 'skips', required: true, skip$: paused$, next: ({ n }) => console.log(`skips: ${n}`) });

let n = 0;
setTimeout(() => paused$.next(true), 20);
setTimeout(() => paused$.next(false), 60);
setInterval(() => broker.send({ type: 'Message', n: ++n }), 10);
