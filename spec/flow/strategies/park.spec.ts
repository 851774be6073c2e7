import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lastValueFrom, toArray } from 'rxjs';
import type { AnyEvent } from '../../../lib/event/AnyEvent.js';
import { eventBroker } from '../../../lib/broker/eventBroker.js';
import type { Parking } from '../../../lib/flow/contract/Parking.js';
import { memoryParking } from '../../../lib/flow/parking/memoryParking.js';
import { lanes } from '../../../lib/flow/strategies/lanes.js';
import { park } from '../../../lib/flow/strategies/park.js';
import { backpressure } from '../../../lib/operators/backpressure.js';

interface Job extends AnyEvent {
  readonly type: 'Job';
  readonly key: number;
  readonly n: number;
  /** How often it fails before it goes through. */
  readonly failures: number;
}

type Step = { readonly send: Omit<Job, 'type' | 'n'> } | 'replay' | 'turn';

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ send: fc.record({ key: fc.nat(3), failures: fc.constantFrom(0, 0, 0, 1, 2) }) }),
  },
  { weight: 1, arbitrary: fc.constant('replay' as const) },
  { weight: 2, arbitrary: fc.constant('turn' as const) },
);

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

/** The same parking, every answer of which takes as many microtasks as `hops` says. */
const slow = (parking: Parking<Job>, hops: () => number): Parking<Job> => {
  const later = async <T>(result: () => T | PromiseLike<T>): Promise<T> => {
    for (let left = hops(); left > 0; left--) await Promise.resolve();
    const given = await result();
    for (let left = hops(); left > 0; left--) await Promise.resolve();
    return given;
  };
  return {
    ...parking,
    park: (...all) => later(() => parking.park(...all) as PromiseLike<void>),
    parkBehind: (...all) => later(() => parking.parkBehind(...all)),
  };
};

const run = async (steps: readonly Step[], concurrency: number, isSlow: boolean, seed: number) => {
  let random = seed;
  const hops = (): number => (random = (random * 48_271) % 2_147_483_647) % 4;
  const memory = memoryParking<Job>();
  const parking = isSlow ? slow(memory, hops) : memory;
  const left = new Map<number, number>();
  const went: Job[] = [];
  const work = async (job: Job): Promise<void> => {
    for (let more = hops(); more > 0; more--) await Promise.resolve();
    const failures = left.get(job.n) ?? job.failures;
    left.set(job.n, failures - 1);
    if (failures > 0) throw new Error(`no ${job.n}`);
    went.push(job);
  };
  const by = ({ key }: Job) => key;
  const broker = eventBroker<Job>();
  broker.notices$.subscribe();
  broker.subscribe({
    name: 'jobs',
    required: true,
    ...(concurrency > 1
      ? { lanes: lanes({ concurrency, by }), onFailure: park(parking) }
      : { onFailure: park(parking, { by }) }),
    next: work,
  });
  const replay = () =>
    lastValueFrom(
      backpressure(parking.replay(), {
        name: 'again',
        required: true,
        highWaterMark: 2,
        onFailure: park(parking, { by }),
        notices: { next: () => undefined },
        project: work,
      }).pipe(toArray()),
    );
  const replays: Promise<unknown>[] = [];
  const sent: Job[] = [];
  for (const each of steps) {
    if (each === 'replay') replays.push(replay());
    else if (each === 'turn') await turn();
    else {
      const job: Job = { type: 'Job', n: sent.length, ...each.send };
      sent.push(job);
      broker.send(job);
    }
  }
  while ((broker.snapshot().subscribers[0]?.pending ?? 0) > 0) await turn();
  await Promise.all(replays);
  for (let more = 0; more < 20 && (await parking.list()).length > 0; more++) await replay();
  expect(await parking.list()).toEqual([]);
  return { sent, went };
};

test('B22b B22i B22m for any failures, parkings and replays: each event is processed once, in the order of its key', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(1, 2, 4),
      fc.boolean(),
      fc.integer({ min: 1, max: 1_000_000 }),
      async (steps, concurrency, isSlow, seed) => {
        const { sent, went } = await run(steps, concurrency, isSlow, seed);
        const ofKey = (jobs: readonly Job[]) =>
          [0, 1, 2, 3].map(key => jobs.filter(job => job.key === key).map(({ n }) => n));
        expect(ofKey(went)).toEqual(ofKey(sent));
      },
    ),
    { numRuns: process.env['MUTATE'] === undefined ? 300 : 60 },
  );
});
