import '../invariants.js';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { concatMap, groupBy, map, mergeMap, NEVER, Observable, of, Subject, VirtualTimeScheduler } from 'rxjs';
import {
  backpressure,
  eventBroker,
  gather,
  lanes,
  memoryParking,
  park,
  type LanesOptions,
  type Settlement,
} from 'rx-event-broker';
import { runMarbles } from '../../../lib/testing/marbles/runMarbles.js';

interface Job {
  readonly type: 'Job';
  readonly key: string;
  readonly n: number;
}
const job = (text: string): Job => ({ type: 'Job', key: text[0]!, n: Number(text.slice(1)) });
const textOf = ({ key, n }: Job): string => `${key}${n}`;
const byKey = ({ key }: Job): string => key;

/** A broker with a subscriber whose work is finished by hand; and a source that sees what is settled. */
const working = (of: LanesOptions<Job>, given: object = {}) => {
  const scheduler = new VirtualTimeScheduler();
  const broker = eventBroker<Job>({ scheduler, sizeOf: ({ n }) => n });
  const told: string[] = [];
  const works = new Map<string, Subject<void>>();
  const settled: number[] = [];
  let source: ((event: Job) => void) | undefined;
  let complete: (() => void) | undefined;
  let isPaused = false;
  broker.notices$.subscribe(notice => {
    if (notice.type === 'Failed') told.push(`failed ${(notice.events as Job[]).map(textOf).join()}`);
    if (notice.type === 'Stalled') told.push(`stalled ${textOf(notice.event as Job)} and ${notice.waiting}`);
    if (notice.type === 'Dropped') told.push(`dropped ${notice.count} ${textOf(notice.first)}..${textOf(notice.last)}`);
    if (notice.type === 'Closed') told.push(`unfinished ${(notice.unfinished as Job[]).map(textOf).join()}`);
  });
  const subscription = broker.subscribe({
    required: true,
    lanes: lanes(of),
    next: (event: Job) => {
      told.push(textOf(event));
      const work$ = new Subject<void>();
      works.set(textOf(event), work$);
      return work$;
    },
    ...given,
  } as never);
  let error: unknown;
  const received: string[] = [];
  broker
    .receive(
      (pause$, settlement: Settlement) =>
        new Observable(subscriber => {
          source = event => subscriber.next(event);
          complete = () => subscriber.complete();
          subscriber.add(pause$.subscribe(level => (isPaused = level)));
          subscriber.add(settlement.settled$.subscribe(n => settled.push(n)));
        }),
    )
    .subscribe({
      error: (thrown: unknown) => {
        error = thrown;
      },
      complete: () => received.push('received'),
    });
  const emit = (texts: string): void => {
    for (const text of texts.split(' ')) source?.(job(text));
  };
  const done = (texts: string): void => texts.split(' ').forEach(text => works.get(text)?.complete());
  const fail = (text: string): void => works.get(text)?.error(`${text} failed`);
  const tally = () => {
    const { offered, delivered, failed, dropped, pending } = broker.snapshot().subscribers[0]!;
    return [offered, delivered, failed, dropped, pending];
  };
  const news = () => told.splice(0).join(' ');
  return {
    ...{ broker, scheduler, subscription, emit, done, fail, tally, news, received, settled: () => settled.at(-1) },
    ...{ complete: () => complete?.(), isPaused: () => isPaused, error: () => error },
  };
};

describe('B20a B20b several deliveries, in order for each key', () => {
  test('the next event to begin is the oldest one whose key is free', () => {
    const { emit, done, news, tally } = working({ concurrency: 2, by: byKey });
    emit('a1 a2 b1 c1 a3');
    expect(news()).toBe('a1 b1');
    done('b1');
    expect(news()).toBe('c1');
    done('a1');
    expect(news()).toBe('a2');
    done('c1 a2');
    expect([news(), tally()]).toEqual(['a3', [5, 4, 0, 0, 1]]);
  });

  test('B20c without by they begin in order; undefined is one key', () => {
    const { emit, done, news } = working({ concurrency: 2 });
    emit('a1 a2 a3');
    expect(news()).toBe('a1 a2');
    done('a2');
    expect(news()).toBe('a3');
    const one = working({ concurrency: 2, by: () => undefined });
    one.emit('a1 b1');
    expect(one.news()).toBe('a1');
  });

  test('B20a in virtual time, with the subscriptions', () => {
    runMarbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const [slow, fast] = [cold('-----(w|)'), cold('--(w|)')];
      const values = { a: 'a1', b: 'a2', c: 'b1', d: 'c1' };
      const source = hot('abcd-----|', values);
      const results$ = backpressure<string, string>(source, {
        required: true,
        lanes: lanes({ concurrency: 2, by: text => text[0] }),
        project: text => (text.startsWith('a') ? slow : fast).pipe(map(() => text)),
      });
      expectObservable(results$).toBe('----cad---(b|)', values);
      expectSubscriptions(slow.subscriptions).toBe(['^----!', '-----^----!']);
      expectSubscriptions(fast.subscriptions).toBe(['--^-!', '----^-!']);
    });
  });

  test('one lane behaves like none', () => {
    const { emit, done, news } = working({ concurrency: 1, by: byKey });
    emit('a1 b1 a2 c1');
    for (const text of ['a1', 'b1', 'a2']) done(text);
    expect(news()).toBe('a1 b1 a2 c1');
  });

  test('B20j results are emitted when they are ready', () => {
    const works = [new Subject<string>(), new Subject<string>()];
    const seen: string[] = [];
    const broker = eventBroker<Job>();
    broker
      .stream({ required: true, lanes: lanes({ concurrency: 2 }), project: ({ n }) => works[n]! })
      .subscribe(text => seen.push(text));
    broker.sendBatch([job('a0'), job('a1')]);
    works[1]!.next('second');
    works[0]!.next('first');
    expect(seen).toEqual(['second', 'first']);
  });

  test('with nextBatch, and without by, batches are in flight together', () => {
    const broker = eventBroker<Job>();
    const begun: string[] = [];
    broker.subscribe({
      required: true,
      lanes: lanes({ concurrency: 2 }),
      nextBatch: jobs => {
        begun.push(jobs.map(textOf).join());
        return NEVER;
      },
    });
    broker.sendBatch(['a1', 'a2'].map(job));
    broker.sendBatch(['a3', 'a4'].map(job));
    broker.sendBatch(['a5'].map(job));
    expect([begun, broker.snapshot().subscribers[0]?.pending]).toEqual([['a1,a2', 'a3,a4'], 5]);
  });

  test('synchronous work needs no lane', () => {
    const broker = eventBroker<Job>();
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      lanes: lanes({ concurrency: 2, by: byKey }),
      next: e => void seen.push(textOf(e)),
    });
    broker.sendBatch(['a1', 'a2', 'b1'].map(job));
    expect(seen).toEqual(['a1', 'a2', 'b1']);
  });
});

describe('B20d settled is a prefix', () => {
  test('an event that finishes early is settled when all before it have finished', () => {
    const { emit, done, settled } = working({ concurrency: 3, by: byKey });
    emit('a1 b1 c1');
    done('b1');
    expect(settled()).toBe(0);
    done('a1');
    expect(settled()).toBe(2);
    done('c1');
    expect(settled()).toBe(3);
  });

  test('receive completes when all of its events have finished, even if others are sent in the meantime', () => {
    const { broker, emit, done, complete, received } = working({ concurrency: 2, by: byKey });
    emit('a1');
    complete();
    broker.send(job('b1'));
    done('b1');
    expect(received).toEqual([]);
    done('a1');
    expect(received).toEqual(['received']);
  });

  test('a failure that stops settles nothing more', () => {
    const { emit, fail, done, settled, error, news } = working({ concurrency: 2, by: byKey });
    emit('a1 b1 a2');
    done('b1');
    fail('a1');
    expect([settled(), news()]).toEqual([0, 'a1 b1 failed a1 dropped 1 a2..a2 unfinished ']);
    expect(String(error())).toContain('a1 failed');
  });
});

describe('B20e maxAhead', () => {
  test('nothing begins while that many have finished before the oldest, which itself continues', () => {
    const { emit, done, news } = working({ concurrency: 2, by: byKey, maxAhead: 2 });
    emit('a1 a2 b1 b2 b3 b4');
    done('b1 b2');
    expect(news()).toBe('a1 b1 b2');
    done('a1');
    // a2 is the oldest now, and two are still ahead of it
    expect(news()).toBe('a2');
    done('a2');
    expect(news()).toBe('b3');
  });
});

describe('B20f the rest is as without lanes', () => {
  test('the mark, in events and in bytes, counts unfinished events', () => {
    const { emit, done, isPaused } = working(
      { concurrency: 2, by: byKey },
      { highWaterMark: 3, highWaterMarkBytes: 10 },
    );
    emit('a1 b1');
    expect(isPaused()).toBe(false);
    emit('a1');
    expect(isPaused()).toBe(true);
    done('b1');
    expect(isPaused()).toBe(true);
    done('a1');
    expect(isPaused()).toBe(false);
    emit('c9');
    expect(isPaused()).toBe(true);
    done('c9');
    expect(isPaused()).toBe(false);
  });

  test('a retry keeps its key busy, and others go on', () => {
    const { emit, fail, done, news, tally, scheduler } = working(
      { concurrency: 2, by: byKey },
      { retry: { count: 1, delay: 5 }, onFailure: 'continue', stallAfter: Infinity },
    );
    emit('a1 a2 b1');
    fail('a1');
    done('b1');
    expect(news()).toBe('a1 b1');
    scheduler.flush();
    expect(news()).toBe('a1');
    fail('a1');
    expect([news(), tally()]).toEqual(['failed a1 a2', [3, 1, 1, 0, 1]]);
  });

  test('failAfter cuts off each delivery by itself', () => {
    const { emit, news, scheduler } = working({ concurrency: 2 }, { failAfter: 5, onFailure: 'continue' });
    scheduler.schedule(() => emit('a1'), 1);
    scheduler.schedule(() => emit('b1'), 3);
    scheduler.schedule(() => emit('c1'), 4);
    scheduler.maxFrames = 8;
    scheduler.flush();
    expect(news()).toBe('a1 b1 failed a1 c1 failed b1');
  });

  test('abortable gives each delivery a signal of its own', () => {
    const signals: AbortSignal[] = [];
    const broker = eventBroker<Job>();
    const subscription = broker.subscribe({
      required: true,
      abortable: true,
      lanes: lanes({ concurrency: 2 }),
      next: (_, signal) => {
        signals.push(signal);
        return NEVER;
      },
    });
    broker.sendBatch(['a1', 'b1'].map(job));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    subscription.unsubscribe();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test('a close cuts off all deliveries in flight, in order, and drops waiting events', () => {
    const { emit, done, subscription, news, settled } = working({ concurrency: 3, by: byKey });
    emit('a1 b1 a2 c1 b2');
    done('b1');
    subscription.unsubscribe();
    expect(news()).toBe('a1 b1 c1 b2 dropped 1 a2..a2 unfinished a1,c1,b2');
    expect(settled()).toBe(5);
  });

  test('drain finishes all that is accepted', () => {
    const { broker, emit, done, news } = working({ concurrency: 2, by: byKey });
    const ends: string[] = [];
    emit('a1 a2 b1');
    broker.drain().subscribe({ complete: () => ends.push('drained') });
    done('b1 a1');
    expect(ends).toEqual([]);
    done('a2');
    expect([news(), ends]).toEqual(['a1 b1 a2 unfinished ', ['drained']]);
  });

  test('while it is held nothing begins', () => {
    const hold$ = new Subject<boolean>();
    const { emit, done, news } = working({ concurrency: 2, by: byKey }, { hold$ });
    emit('a1');
    hold$.next(true);
    emit('b1');
    done('a1');
    expect(news()).toBe('a1');
    hold$.next(false);
    expect(news()).toBe('b1');
  });

  test('with park, what is delivered or cut off is not parked', async () => {
    const parking = memoryParking<Job>();
    const { broker, emit, done, fail, subscription } = working(
      { concurrency: 3, by: byKey },
      { name: 'jobs', onFailure: park(parking) },
    );
    const parked: string[] = [];
    broker.notices$.subscribe(notice => {
      if (notice.type === 'Parked') parked.push((notice.events as Job[]).map(textOf).join());
    });
    emit('a1 b1 c1');
    done('b1');
    fail('a1');
    subscription.unsubscribe();
    expect(parked).toEqual(['a1']);
    expect((await parking.list()).map(({ event }) => textOf(event))).toEqual(['a1']);
  });

  test('closed from inside its own call with park, its work is cut off and not parked', () => {
    const broker = eventBroker<Job>();
    const told: string[] = [];
    broker.notices$.subscribe(({ type }) => told.push(type));
    const subscription = broker.subscribe({
      name: 'jobs',
      required: true,
      onFailure: park(memoryParking<Job>()),
      lanes: lanes({ concurrency: 2 }),
      next: () => {
        subscription.unsubscribe();
        return NEVER;
      },
    });
    const first = broker.subscribe({ required: true, next: () => undefined });
    broker.send(job('a1'));
    first.unsubscribe();
    expect(told).not.toContain('Parked');
    expect(told.filter(type => type === 'Closed')).toHaveLength(2);
  });

  test('a batch that is gathered when it is closed with drainOnClose is the last one, and is finished', () => {
    const broker = eventBroker<Job>();
    const works: Subject<void>[] = [];
    const seen: string[] = [];
    const closed$ = new Subject<void>();
    broker.subscribe({
      required: true,
      next: ({ n }) => {
        if (n === 4) closed$.next();
      },
    });
    broker.subscribe({
      required: true,
      closed$,
      drainOnClose: true,
      lanes: lanes({ concurrency: 2 }),
      nextBatch: jobs => {
        seen.push(jobs.map(textOf).join());
        works.push(new Subject());
        return works.at(-1)!;
      },
    });
    broker.sendBatch(['a1', 'a2'].map(job));
    broker.sendBatch(['a3', 'a4', 'a5'].map(job));
    expect(seen).toEqual(['a1,a2', 'a3']);
    for (const work of works) work.complete();
    expect(broker.snapshot().subscribers).toHaveLength(1);
  });

  test('closed from inside its own call, that is counted when it returns', () => {
    const broker = eventBroker<Job>();
    const told: string[] = [];
    broker.notices$.subscribe(notice => {
      if (notice.type !== 'Closed') return;
      const { delivered, failed, dropped } = notice.tally;
      told.push(`${(notice.unfinished as Job[]).map(textOf).join()} ${delivered} ${failed} ${dropped}`);
    });
    const subscription = broker.subscribe({
      required: true,
      lanes: lanes({ concurrency: 2, by: byKey }),
      next: ({ n }) => {
        if (n === 2) subscription.unsubscribe();
        return NEVER;
      },
    });
    broker.send(job('a1'));
    broker.send(job('a3'));
    broker.send(job('b2'));
    expect(told).toEqual(['a1,b2 0 2 1']);
  });
});

test('B20g Stalled names the oldest, although others go on', () => {
  const { emit, done, news, scheduler } = working({ concurrency: 2, by: byKey }, { stallAfter: 10 });
  emit('a1 b1');
  for (let i = 1; i < 9; i++) {
    scheduler.schedule(() => {
      done(`b${i}`);
      emit(`b${i + 1}`);
    }, 2 * i);
  }
  scheduler.maxFrames = 12;
  scheduler.flush();
  expect(news()).toBe('a1 b1 b2 b3 b4 b5 stalled a1 and 1 b6 b7');
});

describe('B20h what goes wrong', () => {
  test('an event whose by throws fails in its turn, and blocks nothing', () => {
    const by = ({ key, n }: Job): string => {
      if (n === 7) throw new Error('no key');
      return key;
    };
    const { emit, done, news, tally } = working({ concurrency: 2, by }, { onFailure: 'continue' });
    emit('a1 a7 a2 b1');
    expect(news()).toBe('a1 failed a7 b1');
    done('a1');
    expect([news(), tally()]).toEqual(['a2', [4, 1, 1, 0, 2]]);
  });

  test('options that do not fit are OptionErrors', () => {
    const broker = eventBroker<Job>();
    const subscribe = (given: object) => () =>
      broker.subscribe({ required: true, next: () => NEVER, ...given } as never);
    expect(subscribe({ required: false, lanes: lanes({ concurrency: 2 }) })).toThrow(
      /^lanes: expected a required subscriber/,
    );
    expect(subscribe({ lanes: lanes({ concurrency: 2, by: byKey }), next: undefined, nextBatch: () => NEVER })).toThrow(
      /^by: expected a subscriber with next/,
    );
    expect(
      subscribe({
        lanes: lanes({ concurrency: 2 }),
        gather: gather({ maxSize: 2 }),
        next: undefined,
        nextBatch: () => 1,
      }),
    ).toThrow(/^lanes: expected a subscriber without gather/);
    expect(subscribe({ lanes: { concurrency: 2 } })).toThrow(/^lanes: expected lanes\(\{ concurrency, by \}\), found /);
    expect(() => lanes({ concurrency: 0 })).toThrow(/^concurrency: /);
    expect(() => lanes({ concurrency: 1, maxAhead: 0 })).toThrow(/^maxAhead: /);
    expect(() => lanes({ concurrency: 1, by: 'key' as never })).toThrow(/^by: /);
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});

// ── beside a list ──

type Step =
  | { readonly do: 'emit'; readonly key: number }
  | { readonly do: 'end'; readonly which: number; readonly isOk: boolean }
  | { readonly do: 'hold'; readonly level: boolean }
  | { readonly do: 'close' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('emit' as const), key: fc.integer({ min: 0, max: 4 }) }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(7), isOk: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), level: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: 'close' } as const) },
);

test('B20a B20b B20d B20e B20f B20h for any steps, lanes behave like a plain list', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(1, 2, 100),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(0, 1),
      fc.array(step, { minLength: 1, maxLength: 60, size: 'max' }),
      (concurrency, maxAhead, mark, retries, steps) => {
        // an event of key 4 has no key
        const by = ({ key }: Job): string => {
          if (key === '4') throw new Error('no key');
          return key;
        };
        const hold$ = new Subject<boolean>();
        const real = working(
          { concurrency, maxAhead, by },
          { hold$, highWaterMark: mark, onFailure: 'continue', retry: retries },
        );
        const list: { text: string; key: string; state: 'waiting' | 'inFlight' | 'done'; tries: number }[] = [];
        let [isHeld, isClosed, isFull] = [false, false, false];
        const counts = { delivered: 0, failed: 0 };
        const told: string[] = [];
        const pending = () => list.filter(({ state }) => state !== 'done').length;
        const prefix = () => {
          const first = list.findIndex(({ state }) => state !== 'done');
          return first < 0 ? list.length : first;
        };
        const relevel = (): void => {
          isFull = isFull ? pending() > Math.floor(mark / 2) : pending() >= mark;
        };
        const begin = (): void => {
          for (;;) {
            const flying = list.filter(({ state }) => state === 'inFlight');
            const next = list.find(
              ({ state, key }) => state === 'waiting' && (key === '4' || flying.every(other => other.key !== key)),
            );
            const ahead = list.slice(prefix()).filter(({ state }) => state === 'done').length;
            if (next === undefined || isHeld || isClosed || flying.length >= concurrency) return;
            if (ahead >= maxAhead && next !== list[prefix()]) return;
            if (next.key === '4') {
              next.state = 'done';
              counts.failed++;
              told.push(`failed ${next.text}`);
            } else {
              next.state = 'inFlight';
              next.tries = 1;
              told.push(next.text);
            }
            relevel();
          }
        };

        for (const what of steps) {
          if (isClosed) break;
          if (what.do === 'emit') {
            const text = `${what.key}${list.length}`;
            list.push({ text, key: String(what.key), state: 'waiting', tries: 0 });
            relevel();
            begin();
            real.emit(text);
          } else if (what.do === 'hold') {
            isHeld = what.level;
            begin();
            hold$.next(what.level);
          } else if (what.do === 'end') {
            const flying = list.filter(({ state }) => state === 'inFlight');
            const entry = flying[what.which % Math.max(1, flying.length)];
            if (entry === undefined) continue;
            if (!what.isOk && entry.tries <= retries) {
              entry.tries++;
              told.push(entry.text);
            } else {
              entry.state = 'done';
              if (what.isOk) counts.delivered++;
              else {
                counts.failed++;
                told.push(`failed ${entry.text}`);
              }
              relevel();
            }
            begin();
            if (what.isOk) real.done(entry.text);
            else real.fail(entry.text);
          } else {
            isClosed = true;
            const waiting = list.filter(({ state }) => state === 'waiting');
            if (waiting.length > 0) told.push(`dropped ${waiting.length} ${waiting[0]!.text}..${waiting.at(-1)!.text}`);
            told.push(`unfinished ${list.flatMap(({ state, text }) => (state === 'inFlight' ? [text] : [])).join()}`);
            for (const entry of list) entry.state = 'done';
            real.subscription.unsubscribe();
          }
          expect(real.news()).toBe(told.splice(0).join(' '));
          expect(real.settled()).toBe(prefix());
          if (isClosed) continue;
          expect(real.tally()).toEqual([list.length, counts.delivered, counts.failed, 0, pending()]);
          expect(real.isPaused()).toBe(isFull);
        }
      },
    ),
    { numRuns: process.env['MUTATE'] === undefined ? 300 : 60 },
  );
});

test('B20i with a lane for each key, it is groupBy with concatMap', () => {
  const event = fc.record({ key: fc.nat(3), after: fc.integer({ min: 1, max: 4 }), ms: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), events => {
      const run = (
        operator: (work: (i: number) => Observable<string>) => (source$: Observable<number>) => Observable<string>,
      ) => {
        const scheduler = new VirtualTimeScheduler();
        const seen: string[] = [];
        const work = (i: number): Observable<string> =>
          new Observable(subscriber => {
            seen.push(`${scheduler.frame} begins ${i}`);
            return scheduler.schedule(() => {
              subscriber.next(`${scheduler.frame} ends ${i}`);
              subscriber.complete();
            }, events[i]!.ms);
          });
        const source$ = new Subject<number>();
        operator(work)(source$).subscribe(text => seen.push(text));
        let frame = 0;
        events.forEach(({ after }, i) => scheduler.schedule(() => source$.next(i), (frame += after)));
        scheduler.flush();
        return seen;
      };
      const keyOf = (i: number) => events[i]!.key;
      const grouped = run(
        work => source$ =>
          source$.pipe(
            groupBy(keyOf),
            mergeMap(group$ => group$.pipe(concatMap(work))),
          ),
      );
      const laned = run(work =>
        backpressure({ required: true, lanes: lanes({ concurrency: 4, by: keyOf }), project: work }),
      );
      expect(laned).toEqual(grouped);
    }),
  );
});

test('B20a an empty source, and one that completes at once', () => {
  runMarbles(({ hot, expectObservable }) => {
    const options = { required: true, lanes: lanes({ concurrency: 2 }), project: (text: string) => of(text) } as const;
    expectObservable(hot('|').pipe(backpressure(options))).toBe('|');
    expectObservable(hot('(ab|)').pipe(backpressure(options))).toBe('(ab|)');
    expectObservable(hot('a#').pipe(backpressure(options))).toBe('a#');
  });
});
