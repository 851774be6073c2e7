// npm run bench -- keys [rounds]: an optional subscriber of 10,000 keys that is offered a million updates while it works: updates
// a second of processor time, and the heap that is held for them, each beside `dropOldest` with the same capacity.
import { NEVER } from 'rxjs';
import { eventBroker, keepLatestBy, type EventBroker } from '../../lib/index.js';

interface Update {
  readonly type: 'Update';
  readonly key: string;
}
const KEYS = 10_000;
const UPDATES = 1_000_000;
const rounds = Number(process.argv[3] ?? 5);
const updates = Array.from({ length: KEYS }, (_, n): Update => ({ type: 'Update', key: `key ${n}` }));

const overflows = {
  dropOldest: 'dropOldest',
  'keepLatestBy(key)': keepLatestBy(({ key }: Update) => key),
} as const;

const offer = (broker: EventBroker<Update>): number => {
  const began = process.cpuUsage();
  for (let i = 0; i < UPDATES; i++) broker.send(updates[i % KEYS]!);
  const { user, system } = process.cpuUsage(began);
  return UPDATES / (user + system);
};

for (const [name, overflow] of Object.entries(overflows)) {
  const rates: number[] = [];
  let heldMiB = 0;
  for (let round = 0; round < rounds; round++) {
    gc?.();
    const before = process.memoryUsage().heapUsed;
    const broker = eventBroker<Update>();
    broker.subscribe({ required: false, capacity: KEYS, overflow, stallAfter: Infinity, next: () => NEVER });
    broker.send(updates[0]!);
    rates.push(offer(broker));
    gc?.();
    heldMiB = (process.memoryUsage().heapUsed - before) / 1024 ** 2;
    const { pending, dropped } = broker.snapshot().subscribers[0]!;
    if (pending !== KEYS + 1 || dropped !== UPDATES - KEYS)
      throw new Error(`found ${pending} pending, ${dropped} dropped`);
    broker.close();
  }
  rates.sort((a, b) => a - b);
  const [least, most] = [rates[0]!, rates.at(-1)!].map(rate => rate.toFixed(1));
  console.log(`${name}: ${least} to ${most} M updates/s offered; ${heldMiB.toFixed(1)} MiB for ${KEYS} keys`);
}
