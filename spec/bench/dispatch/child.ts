// One bus, one workload, one process: `child.js BUS WORKLOAD [batch]` prints events a second.
import { buses, type Bus } from './buses.js';
import { pool, TYPES } from './events.js';
import { handlers, seen } from './handlers.js';
import { workloads } from './workloads.js';

const [, , busName = '', workloadName = '', form] = process.argv;
const make = buses[busName];
const workload = workloads[workloadName];
if (make === undefined || workload === undefined)
  throw new Error(`no such bus or workload: ${busName} ${workloadName}`);

/**
 * First others of its kind call all the handlers, several of them and each alone, as in a program that has more than one
 * subscriber: a place that calls only one function has it inlined.
 */
const warmUp = (subscribe: (bus: Bus) => void): void => {
  const warm = make();
  subscribe(warm);
  for (let i = 0; i < 10; i++) {
    for (const event of pool) warm.send(event);
  }
};
warmUp(bus => workloads['W3']?.subscribe(bus));
warmUp(bus => handlers.forEach((handler, i) => bus.on([TYPES[i]!], handler)));

const bus = make();
workload.subscribe(bus);

const batches = Array.from({ length: pool.length / 100 }, (_, i) => pool.slice(i * 100, (i + 1) * 100));
const once =
  form === 'batch'
    ? () => {
        for (const batch of batches) bus.sendBatch?.(batch);
      }
    : () => {
        for (const event of pool) bus.send(event);
      };

const run = (milliseconds: number): number => {
  const before = seen.count;
  const start = performance.now();
  let rounds = 0;
  let elapsed: number;
  do {
    for (let i = 0; i < 10; i++) once();
    rounds += 10;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  const delivered = seen.count - before;
  const expected = rounds * pool.length * workload.deliveries;
  if (delivered !== expected) throw new Error(`expected ${expected} deliveries, found ${delivered}`);
  return (rounds * pool.length * 1000) / elapsed;
};

run(300);
const slices = [run(100), run(100), run(100), run(100), run(100)];
console.log(Math.max(...slices));
