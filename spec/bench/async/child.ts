// One queue, one number of consumers, one process: `child.js QUEUE CONSUMERS` prints deliveries a second of processor time, and the heap's growth.
import { queues, type Handler, type Numbered } from './queues.js';

const [, , name = '', consumers = '1'] = process.argv;
const deliver = queues[name];
if (deliver === undefined) throw new Error(`no such queue: ${name}`);

const events: readonly Numbered[] = Array.from({ length: 1_000_000 }, (_, n) => ({ type: 'Numbered', n }));
const expected = events.reduce((sum, { n }) => sum + n, 0);

/** Adds up, so that nothing is optimized away, and sees that the order is kept. */
const handlers = Array.from({ length: Number(consumers) }, () => {
  const seen = { sum: 0, last: -1 };
  const handler: Handler = async ({ n }) => {
    seen.sum += n;
    if (n !== seen.last + 1) throw new Error(`${n} came after ${seen.last}`);
    seen.last = n;
  };
  return { seen, handler };
});

/** Processor time, in ms: others on the machine change it less than the time of the clock. */
const run = async (): Promise<number> => {
  const start = process.cpuUsage();
  await deliver(
    events,
    handlers.map(({ handler }) => handler),
  );
  const { user, system } = process.cpuUsage(start);
  const elapsed = (user + system) / 1000;
  for (const { seen } of handlers) {
    if (seen.sum !== expected) throw new Error(`expected a sum of ${expected}, found ${seen.sum}`);
    Object.assign(seen, { sum: 0, last: -1 });
  }
  return (events.length * handlers.length * 1000) / elapsed;
};

/** Runs for that long, at least once. */
const runFor = async (ms: number): Promise<readonly number[]> => {
  const start = performance.now();
  const rates: number[] = [];
  do rates.push(await run());
  while (performance.now() - start < ms);
  return rates;
};

// V8 goes on compiling for some million deliveries, and its threads count as processor time
await runFor(3_000);
gc?.();
const before = process.memoryUsage().heapUsed;
const rates = await runFor(3_000);
gc?.();
const growthMiB = (process.memoryUsage().heapUsed - before) / 1024 ** 2;
console.log(JSON.stringify({ rate: Math.max(...rates), growthMiB }));
