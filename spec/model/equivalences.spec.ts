import '../flow/invariants.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  concat,
  concatMap,
  defer,
  EMPTY,
  finalize,
  ignoreElements,
  map,
  merge,
  NEVER,
  of,
  takeUntil,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { backpressure, eventBroker, fromPull, ofType } from 'rx-event-broker';

interface Item {
  readonly type: 'A' | 'B';
  readonly at: number;
  /** Frames until its work ends; 0: within its subscription. */
  readonly work: number;
  readonly values: number;
  readonly fails: boolean;
}
interface Plan {
  readonly items: readonly (Item & { readonly n: number })[];
  readonly end: 'complete' | 'error' | 'never';
  readonly endsAt: number;
  /** The consumer leaves then. */
  readonly leavesAt: number;
}
type Event = Plan['items'][number];

const item: fc.Arbitrary<Item> = fc.record({
  type: fc.constantFrom('A', 'A', 'B'),
  at: fc.integer({ min: 1, max: 20 }),
  work: fc.constantFrom(0, 0, 1, 2, 3, 7),
  values: fc.integer({ min: 0, max: 3 }),
  fails: fc.integer({ min: 0, max: 15 }).map(n => n === 0),
});
const plan = (end: fc.Arbitrary<Plan['end']>): fc.Arbitrary<Plan> =>
  fc.record({
    items: fc.array(item, { maxLength: 12 }).map(items => items.map((of, n) => ({ ...of, n }))),
    end,
    endsAt: fc.integer({ min: 1, max: 25 }),
    leavesAt: fc.constantFrom(3, 10, 1000, 1000, 1000),
  });

const sourceOf = ({ items, end, endsAt }: Plan): Observable<Event> => {
  const last$ = { complete: EMPTY, error: throwError(() => 'source'), never: NEVER }[end];
  const events = items.map(event => timer(event.at).pipe(map(() => event)));
  return merge(
    ...events,
    timer(endsAt).pipe(ignoreElements(), of$ => concat(of$, last$)),
  );
};

/** What happens, and when: of the consumer, and of each piece of work. */
const happenings = (run: (log: (what: string) => void, project: (event: Event) => Observable<string>) => void) => {
  const log: string[] = [];
  const scheduler = new TestScheduler(() => undefined);
  const note = (what: string): void => void log.push(`${scheduler.frame} ${what}`);
  const project = ({ n, work, values, fails }: Event): Observable<string> => {
    const emits$ = of(...Array.from({ length: values }, (_, i) => `${n}.${i}`));
    const ends$ = fails ? throwError(() => `work ${n}`) : EMPTY;
    const work$ = concat(emits$, ends$);
    return defer(() => {
      note(`begin ${n}`);
      return work === 0 ? work$ : timer(work).pipe(concatMap(() => work$));
    }).pipe(finalize(() => note(`end ${n}`)));
  };
  scheduler.run(() => run(note, project));
  return log;
};

const listen = (log: (what: string) => void) => ({
  next: (value: string) => log(`next ${value}`),
  error: (error: unknown) => log(`error ${String(error)}`),
  complete: () => log('complete'),
});

/** What a consumer sees. The time of a release does not count: for synchronous work, concatMap has its own order. */
const seen = (log: readonly string[]): readonly string[] => log.filter(what => !what.includes(' end '));

const begunAndNotEnded = (log: readonly string[]): readonly string[] => {
  const named = (word: string) => log.filter(what => what.includes(word)).map(what => what.split(' ')[2] ?? '');
  const ended = named('end ');
  return named('begin ').filter(n => !ended.includes(n));
};

describe('equals the obvious composition', () => {
  test('O1b B12 backpressure with maxPending: Infinity is concatMap', () => {
    fc.assert(
      fc.property(plan(fc.constantFrom('complete', 'complete', 'error', 'never')), of => {
        const with$ = (
          operator: (
            project: (event: Event) => Observable<string>,
          ) => (source: Observable<Event>) => Observable<string>,
        ) =>
          happenings((log, project) => {
            sourceOf(of)
              .pipe(operator(project), takeUntil(timer(of.leavesAt)))
              .subscribe(listen(log));
          });
        const expected = with$(project => concatMap(project));
        const actual = with$(project => backpressure({ required: true, maxPending: Infinity, project }));
        if (of.items.every(({ work }) => work > 0)) expect(actual).toEqual(expected);
        expect(seen(actual)).toEqual(seen(expected));
        for (const [index, what] of actual.entries())
          if (what.includes('begin')) expect(begunAndNotEnded(actual.slice(0, index))).toEqual([]);
      }),
      { numRuns: 400, seed: 5 },
    );
  });

  test('B1 B11 a broker with one required subscriber is ofType and backpressure', () => {
    fc.assert(
      fc.property(plan(fc.constant('complete')), of => {
        const stopped: string[] = [];
        const slow = happenings((log, project) => {
          const { next, error } = listen(log);
          sourceOf(of)
            .pipe(ofType('A'), backpressure({ required: true, project }), takeUntil(timer(of.leavesAt)))
            .subscribe({ next, error, complete: () => of.leavesAt === 1000 && log('complete') });
        });
        const broker = happenings((log, project) => {
          const broker = eventBroker<Event>();
          const { next } = listen(log);
          broker
            .stream({ required: true, types: ['A'], project })
            .pipe(takeUntil(timer(of.leavesAt)))
            .subscribe({
              next,
              error: ({ cause }: Error) => log(`error ${String(cause)}`),
            });
          broker.receive(sourceOf(of)).subscribe({
            error: ({ name }: Error) => stopped.push(name),
            complete: () => of.leavesAt === 1000 && log('complete'),
          });
        });
        expect(seen(broker)).toEqual(seen(slow));
        expect(stopped).toEqual(slow.some(what => what.includes('error')) ? ['BrokerStoppedError'] : []);
      }),
      { numRuns: 400, seed: 6 },
    );
  });

  test('B12 O1a a source that obeys its pause never fills a backlog past its mark, in a broker and in backpressure', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 1, 3), { maxLength: 40 }),
        fc.integer({ min: 1, max: 8 }),
        (works, highWaterMark) => {
          const events = works.map((work, n): Event => ({ type: 'A', at: 0, work, values: 1, fails: false, n }));
          let given = 0;
          let most = 0;
          const values = happenings((log, project) => {
            let done = 0;
            const count = tap<string>(() => done++);
            backpressure(pause$ => fromPull(() => events, { pause$ }).pipe(tap(() => given++)), {
              required: true,
              highWaterMark,
              project: event => {
                most = Math.max(most, given - done);
                return project(event).pipe(count);
              },
            }).subscribe({ next: value => log(`next ${value}`) });
          }).filter(what => what.includes('next'));
          expect(values.map(what => what.split(' ')[2])).toEqual(events.map(({ n }) => `${n}.0`));
          expect(most).toBeLessThanOrEqual(highWaterMark);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});
