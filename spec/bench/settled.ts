// npm run bench -- settled [rounds]: what an event of a received source costs if nobody asks what is settled, and if the source
// does. Processor time in ns an event, the least of the rounds; both kinds take turns.
import { Observable, type Subscriber } from 'rxjs';
import { eventBroker } from '../../lib/index.js';

interface Tick {
  readonly type: 'Tick';
  readonly n: number;
}
const EVENTS = 200_000;
const rounds = Number(process.argv[3] ?? 7);
const ticks = Array.from({ length: 1000 }, (_, n): Tick => ({ type: 'Tick', n }));

const handlers = {
  synchronous: () => () => undefined,
  'async functions': () => async () => {},
} as const;

/** Sends in portions, each of which is settled before the next one. */
const run = async (kind: keyof typeof handlers, subscribers: number, reads: boolean): Promise<number> => {
  const broker = eventBroker<Tick>();
  for (let i = 0; i < subscribers; i++)
    broker.subscribe({ required: true, highWaterMark: 2000, stallAfter: Infinity, next: handlers[kind]() });
  let settled = 0;
  let end: Subscriber<Tick> | undefined;
  const receiving = broker
    .receive(
      (_, settlement) =>
        new Observable(subscriber => {
          end = subscriber;
          if (reads) subscriber.add(settlement.settled$.subscribe(n => (settled = n)));
        }),
    )
    .subscribe();
  const began = process.cpuUsage();
  for (let sent = 0; sent < EVENTS; sent += ticks.length) {
    for (const tick of ticks) end?.next(tick);
    await new Promise(resolve => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(began);
  if (reads && settled !== EVENTS) throw new Error(`expected ${EVENTS} events to be settled, found ${settled}`);
  receiving.unsubscribe();
  return ((user + system) * 1000) / EVENTS;
};

for (const kind of Object.keys(handlers) as (keyof typeof handlers)[]) {
  for (const subscribers of [1, 4, 100]) {
    const least = { without: Infinity, with: Infinity };
    for (let round = 0; round < rounds; round++) {
      least.without = Math.min(least.without, await run(kind, subscribers, false));
      least.with = Math.min(least.with, await run(kind, subscribers, true));
    }
    const [off, on] = [least.without, least.with].map(Math.round) as [number, number];
    console.log(`${kind}, ${subscribers} required: ${off} ns an event, ${on} with a reader: ${on - off} more`);
  }
}
