// One number of consumers, all queues in turn, in one process: `child.js CONSUMERS` prints deliveries a second of processor time,
// run by run, and the heap's growth, for each queue.
import { queues, type Deliver, type Handler, type Numbered } from './queues.js';

const consumers = Number(process.argv[2] ?? 1);
/** V8 goes on compiling for some million deliveries, and its threads count as processor time. */
const WARM_UP = 15;
const RUNS = 25;

const events: readonly Numbered[] = Array.from({ length: 200_000 }, (_, n) => ({ type: 'Numbered', n }));
const expected = events.reduce((sum, { n }) => sum + n, 0);

/** Adds up, so that nothing is optimized away, and sees that the order is kept. */
const handlers = Array.from({ length: consumers }, () => {
  const seen = { sum: 0, last: -1 };
  const handler: Handler = async ({ n }) => {
    seen.sum += n;
    if (n !== seen.last + 1) throw new Error(`${n} came after ${seen.last}`);
    seen.last = n;
  };
  return { seen, handler };
});

/** Processor time, in ms: others on the machine change it less than the time of the clock. */
const run = async (deliver: Deliver): Promise<number> => {
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

const heapMiB = (): number => {
  gc?.();
  return process.memoryUsage().heapUsed / 1024 ** 2;
};

const figures = Object.entries(queues).map(([name, deliver]) => ({
  name,
  deliver,
  rates: [] as number[],
  growthMiB: 0,
}));
// in turn, so that what else runs on the machine slows all of them
for (let i = 0; i < WARM_UP + RUNS; i++) {
  for (const { deliver, rates } of figures) {
    const rate = await run(deliver);
    if (i >= WARM_UP) rates.push(rate);
  }
}
for (const figure of figures) {
  const before = heapMiB();
  for (let i = 0; i < 5; i++) await run(figure.deliver);
  figure.growthMiB = heapMiB() - before;
}
console.log(JSON.stringify(figures.map(({ name, rates, growthMiB }) => ({ name, rates, growthMiB }))));
