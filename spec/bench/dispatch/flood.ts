// W5 in a process of its own: a flood of 200,000 events of 20 types, one fast subscriber to all, and one that takes 1 ms
// (a Promise) for one of the types. `flood.js required|optional stall|heap` prints a line of JSON: collecting garbage, to
// see what is held, would itself stall the loop.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { lastValueFrom } from 'rxjs';
import { eventBroker, fromPull } from 'rx-event-broker';

const EVENTS = 200_000;
const TYPES = Array.from({ length: 20 }, (_, i) => `Type${i}`);

interface Event {
  readonly type: string;
  readonly n: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapMiB = (): number => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

const required = process.argv[2] === 'required';
const looksAtHeap = process.argv[3] === 'heap';
const broker = eventBroker<Event>();
let fast = 0;
let slow = 0;
let most = 0;
broker.subscribe({
  name: 'fast',
  required: true,
  next: () => {
    fast++;
  },
});
const work = async () => {
  slow++;
  most = Math.max(most, broker.snapshot().subscribers[1]?.pending ?? 0);
  await sleep(1);
};
broker.subscribe({ name: 'slow', types: ['Type7'], next: work, ...(required ? { required } : { required }) });

function* flood(): Generator<Event> {
  for (let n = 0; n < EVENTS; n++) yield { type: TYPES[n % TYPES.length] ?? '', n };
}

const before = heapMiB();
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const start = performance.now();
// a required subscriber pauses the source; an optional one does not
const done = lastValueFrom(broker.receive(pause$ => fromPull(flood, { pause$ })));
let heap = 0;
const look = setInterval(() => {
  if (looksAtHeap) heap = Math.max(heap, heapMiB() - before);
}, 250);
await done;
await lastValueFrom(broker.drain());
clearInterval(look);
delay.disable();
const [, tally] = broker.snapshot().subscribers;
console.log(
  JSON.stringify({
    seconds: (performance.now() - start) / 1000,
    fast,
    slow,
    most,
    stallMs: delay.max / 1e6,
    heapMiB: heap,
    tally,
  }),
);
