// A gap opens, and closes
//
// A chart may miss prices. It draws for `draw` ms, and `capacity` prices may wait. What does not fit
// is dropped and counted, and the chart hears what it has missed before its next price.
//
// at 15 ms: the first price is being drawn, and two wait: `chart pending 3`. The gap is open:
// `chart dropped 2`, `Dropped chart: 1 so far`.
// at 24 ms: the first one is drawn, and there is room again: `chart delivered 1`.
// at 200 ms, draw = 2: drawing is fast now, and the last gap has been told: `chart pending 0`.

import { timer } from 'rxjs';
import { eventBroker } from 'rx-event-broker';
import { control } from 'playground';

const draw = control('draw', { min: 1, max: 100, value: 20, unit: 'ms' });
const capacity = control('capacity', { min: 0, max: 20, value: 2 });

const broker = eventBroker<{ type: 'Price'; n: number }>();
broker.subscribe({
  name: 'chart',
  required: false,
  capacity: capacity.value,
  missed: ({ count, first, last }) => console.log(`missed ${count}: ${first.n} to ${last.n}`),
  next: () => timer(draw.value),
});
let n = 0;
setInterval(() => broker.send({ type: 'Price', n: ++n }), 3);
