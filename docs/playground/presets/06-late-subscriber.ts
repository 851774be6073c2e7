// A late subscriber gets what was kept
//
// The broker keeps the latest three ticks. A page that opens after 55 ms gets them first, and
// then what is sent. It may miss some, and holds nobody up.
//
// at 54 ms: nobody has asked for a tick yet. The console is empty.
// at 55 ms: the page is there, and has the last three ticks: `page: 3, 4, 5`.
// at 60 ms: it goes on with the next one: `page: 6`, `page delivered 4`.

import { eventBroker, replay } from 'rx-event-broker';

const broker = eventBroker<{ type: 'Tick'; n: number }>({ replay: replay({ events: 3 }) });
let n = 0;
setInterval(() => broker.send({ type: 'Tick', n: ++n }), 10);

setTimeout(() => {
  broker.subscribe({
    name: 'page',
    required: false,
    since: 'replay',
    nextBatch: ticks => console.log(`page: ${ticks.map(tick => tick.n).join(', ')}`),
  });
}, 55);
