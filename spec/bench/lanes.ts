// npm run bench -- lanes [events]: work of 1 ms each, in one lane and in lanes of 8, events a second of the clock; and the processor
// time of a delivery of an `async` function without work, with one delivery at a time, with lanes, and with lanes by key.
import { setTimeout } from 'node:timers/promises';
import { lastValueFrom } from 'rxjs';
import { eventBroker, fromPull, lanes, type Lanes } from '../../lib/index.js';

interface Job {
  readonly type: 'Job';
  readonly n: number;
}
const EVENTS = Number(process.argv[3] ?? 2000);
const MANY = 200_000;
const byKey = (keys: number) => lanes({ concurrency: 8, by: ({ n }: Job) => n % keys });

const run = async (of: Lanes<Job> | undefined, events: number, work: () => Promise<void>) => {
  const broker = eventBroker<Job>();
  let delivered = 0;
  broker.subscribe({
    required: true,
    ...(of === undefined ? {} : { lanes: of }),
    next: async () => {
      await work();
      delivered++;
    },
  });
  const jobs = function* (): Iterable<Job> {
    for (let n = 0; n < events; n++) yield { type: 'Job', n };
  };
  const began = performance.now();
  const cpu = process.cpuUsage();
  await lastValueFrom(broker.receive(pause$ => fromPull(jobs, { pause$ })));
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  if (delivered !== events) throw new Error(`expected ${events} deliveries, found ${delivered}`);
  broker.close();
  return { perSecond: (events * 1000) / ms, ns: ((user + system) * 1000) / events };
};

const kinds = {
  'one at a time': undefined,
  'lanes of 8': lanes({ concurrency: 8 }),
  'lanes of 8 by 1000 keys': byKey(1000),
};
let one = 0;
for (const [name, of] of Object.entries(kinds)) {
  const { perSecond } = await run(of, EVENTS, () => setTimeout(1));
  one ||= perSecond;
  console.log(`1 ms of work, ${name}: ${Math.round(perSecond)} events/s, ${(perSecond / one).toFixed(1)} times`);
}
for (const [name, of] of Object.entries(kinds)) {
  const rounds: number[] = [];
  for (let round = 0; round < 5; round++) rounds.push((await run(of, MANY, () => Promise.resolve())).ns);
  rounds.sort((a, b) => a - b);
  console.log(`no work, ${name}: ${Math.round(rounds[0]!)} to ${Math.round(rounds.at(-1)!)} ns an event`);
}
