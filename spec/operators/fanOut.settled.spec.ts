import { describe, expect, jest, test } from '@jest/globals';
import {
  config,
  distinctUntilChanged,
  EMPTY,
  filter,
  ignoreElements,
  map,
  merge,
  NEVER,
  Observable,
  of,
  ReplaySubject,
  Subject,
  take,
  throwError,
  timer,
  type Subscription,
} from 'rxjs';
import { noSettlement } from '../../lib/flow/settlement/noSettlement.js';
import {
  backpressure,
  batchUntil,
  eventBroker,
  fanOut,
  settledBy,
  type FanOutOptions,
  type Notice,
  type OpenedSource,
  type Pausable,
  type Settlement,
} from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';

interface Numbered {
  readonly type: 'A';
  readonly n: number;
}

const a = (n: number): Numbered => ({ type: 'A', n });
const values = { a: a(1), b: a(2), c: a(3), d: a(4), e: a(5) };

/** A source that acknowledges the number of an event, behind a fan-out with two branches. */
const fannedOut = (events$: Observable<Numbered>, options: Partial<FanOutOptions<Numbered>> = {}) => {
  const acknowledged$ = new Subject<number>();
  const notices: Notice[] = [];
  const source: Pausable<Numbered> = (_, settlement) =>
    new Observable(subscriber => {
      const given = settledBy<number>(subscriber, settlement, n => acknowledged$.next(n));
      return events$.subscribe({
        next: event => given(event.n, () => subscriber.next(event)),
        error: error => subscriber.error(error),
        complete: () => given.complete(),
      });
    });
  const branch = fanOut(source, {
    expectedSubscribers: 2,
    notices: { next: notice => notices.push(notice) },
    ...options,
  });
  const unsettled = (): string[] => notices.flatMap(notice => (notice.type === 'Unsettled' ? [notice.what] : []));
  return { branch, acknowledged$: acknowledged$.pipe(map(n => `${n}`)), unsettled };
};

const quick = (branch: Pausable<Numbered>): Observable<unknown> =>
  backpressure(branch, { required: true, project: () => EMPTY });

const from = (value: number, branch = 1): string =>
  `fan-out branch ${branch} left: value ${value} and later ones are not settled until the fan-out is opened again`;

const failed = (): never => {
  throw new Error('no');
};

const silent = { error: () => undefined };

describe('K4 branches of a fan-out that leave', () => {
  test('K4d a drained broker settles nothing that its branch still holds; the other branch settles nothing after it', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { branch, acknowledged$, unsettled } = fannedOut(cold('(abc)d----e', values));
      const broker = eventBroker<Numbered>();
      broker.subscribe({ required: true, highWaterMark: 1, next: () => timer(2) });
      expectObservable(acknowledged$).toBe('--1');
      expectObservable(broker.receive(branch).pipe(map(({ sent }) => sent))).toBe('--(s|)', { s: 1 });
      quick(branch).subscribe();
      cold('-x').subscribe(() => void broker.drain());
      cold('-----------x').subscribe(() => expect(unsettled()).toEqual([from(2, 2)]));
    });
  });

  test.each<[string, (branch: OpenedSource<Numbered>, leave$: Observable<unknown>) => Observable<unknown>]>([
    [
      'is left by unsubscribing',
      (branch, leave$) =>
        new Observable(subscriber => {
          const broker = eventBroker<Numbered>();
          broker.subscribe({ required: true, next: ({ n }) => (n > 1 ? NEVER : EMPTY) });
          const receiving = broker.receive(branch).subscribe(subscriber);
          leave$.subscribe(() => receiving.unsubscribe());
        }),
    ],
    [
      'is closed',
      (branch, leave$) => {
        const broker = eventBroker<Numbered>();
        broker.subscribe({ required: true, next: ({ n }) => (n > 1 ? NEVER : EMPTY) });
        leave$.subscribe(() => broker.close());
        return broker.receive(branch);
      },
    ],
    [
      'fails downstream',
      (branch, leave$) =>
        merge(
          backpressure(branch, { required: true, project: ({ n }) => (n > 1 ? NEVER : EMPTY) }),
          leave$.pipe(map(failed)),
        ),
    ],
  ])('K4d K1c a branch whose consumer %s keeps what it had in hand from being settled', (_, consume) => {
    runMarbles(({ cold, expectObservable }) => {
      const { branch, acknowledged$, unsettled } = fannedOut(cold('-(abc)--d', values));
      consume(branch, cold('---x')).subscribe(silent);
      quick(branch).subscribe();
      expectObservable(acknowledged$).toBe('-1');
      cold('---------x').subscribe(() => expect(unsettled()).toEqual([from(2)]));
    });
  });

  test('K4d a branch that its consumer leaves early is settled when the consumer has finished', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { branch, acknowledged$, unsettled } = fannedOut(cold('(abc)d|', values));
      const two: Pausable<Numbered> = (pause$, settlement) => branch(pause$, settlement).pipe(take(2));
      expectObservable(backpressure(two, { required: true, project: () => timer(4) }).pipe(map(() => 'x'))).toBe(
        '----x---(x|)',
      );
      expectObservable(quick(branch)).toBe('--------|');
      expectObservable(acknowledged$).toBe('----1---4');
      cold('----------x').subscribe(() => expect(unsettled()).toEqual([]));
    });
  });

  test('K4h a branch that leaves with nothing unsettled no longer counts, unless its consumer failed', () => {
    runMarbles(({ cold, expectObservable }) => {
      const settledWhen = (leave: (branch: Subscription, broker: ReturnType<typeof eventBroker<Numbered>>) => void) => {
        const { branch, acknowledged$, unsettled } = fannedOut(cold('ab---c', values));
        const broker = eventBroker<Numbered>();
        broker.subscribe({ required: true, next: () => EMPTY });
        const first = broker.receive(branch).subscribe(silent);
        backpressure(branch, { required: true, project: () => timer(4) }).subscribe();
        cold('---x').subscribe(() => leave(first, broker));
        return { acknowledged$, unsettled };
      };
      const left = settledWhen(first => first.unsubscribe());
      const drained = settledWhen((_, broker) => void broker.drain());
      const closed = settledWhen((_, broker) => broker.close());
      expectObservable(left.acknowledged$).toBe('----1---2---3');
      expectObservable(drained.acknowledged$).toBe('----1---2---3');
      expectObservable(closed.acknowledged$).toBe('----1---2');
      cold('--------------x').subscribe(() =>
        expect([left, drained, closed].map(({ unsettled }) => unsettled())).toEqual([[], [], [from(3)]]),
      );
    });
  });

  test('K1c K4i branches that leave in one turn settle nothing and report nothing', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const events$ = cold('-(abc)', values);
      const { branch, acknowledged$, unsettled } = fannedOut(events$);
      const consumers = [1, 2].map(done =>
        backpressure(branch, { required: true, project: ({ n }) => (n > done ? NEVER : EMPTY) }).subscribe(),
      );
      cold('--x').subscribe(() => {
        for (const consumer of consumers) consumer.unsubscribe();
      });
      expectObservable(acknowledged$).toBe('-1');
      expectSubscriptions(events$.subscriptions).toBe('^-!');
      cold('----x').subscribe(() => expect(unsettled()).toEqual([]));
    });
  });

  test('K4i a round that settles nothing more reports it once, and on the console if its notices have no observer', () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    runMarbles(({ cold, flush }) => {
      const { branch } = fannedOut(cold('abc', values), { notices: new Subject<Notice<Numbered>>() });
      const slow = backpressure(branch, { required: true, project: () => NEVER }).subscribe();
      quick(branch).subscribe();
      cold('-x').subscribe(() => slow.unsubscribe());
      flush();
    });
    const words = printed.mock.calls.map(call => call.join(' '));
    printed.mockRestore();
    expect(words).toEqual([
      `rx-event-broker: a fan-out settles nothing more, and nobody observes its notices ${from(1)}`,
    ]);
  });

  test('K3b a source at its end completes when a branch has left with values that it never settles', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { branch, acknowledged$ } = fannedOut(cold('(abc|)', values));
      const slow = backpressure(branch, { required: true, project: ({ n }) => (n > 1 ? NEVER : EMPTY) }).subscribe();
      cold('-x').subscribe(() => slow.unsubscribe());
      expectObservable(backpressure(branch, { required: true, project: () => timer(2) }).pipe(map(() => 'x'))).toBe(
        '--x-x-(x|)',
      );
      expectObservable(acknowledged$).toBe('--1');
    });
  });

  test('K3b a source at its end waits for a branch that is held, then completes although its last value was dropped', () => {
    runMarbles(({ cold, level, expectObservable }) => {
      const { branch, acknowledged$ } = fannedOut(cold('(ab|)', values));
      const held: Pausable<Numbered> = (_, settlement) =>
        branch(level('t----f'), settlement).pipe(filter(({ n }) => n === 1));
      expectObservable(quick(held)).toBe('-----|');
      expectObservable(quick(branch)).toBe('-----|');
      expectObservable(acknowledged$).toBe('-----1');
    });
  });

  test('K3b a source at its end completes when the last batch is dropped, once the others are finished', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { branch, acknowledged$ } = fannedOut(cold('(abc|)', values));
      const pairs: Pausable<readonly { readonly type: string }[]> = (pause$, settlement) =>
        batchUntil<{ readonly type: string; readonly n: number }>(
          (p$, given) => branch(p$, given).pipe(map(({ n }) => ({ type: n === 2 ? 'B' : 'A', n }))),
          'B',
        )(pause$, settlement).pipe(filter(batch => batch.length > 1));
      expectObservable(backpressure(pairs, { required: true, project: () => timer(4) }).pipe(map(() => 'x'))).toBe(
        '----(x|)',
      );
      expectObservable(quick(branch)).toBe('----|');
      expectObservable(acknowledged$).toBe('----2');
    });
  });

  test('K3b a source at its end completes when a branch has left, and its consumer has nothing to do but waits for others', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { branch, acknowledged$ } = fannedOut(cold('ab---|', values));
      const two: Pausable<Numbered> = (pause$, settlement) =>
        merge(
          branch(pause$, settlement).pipe(
            take(2),
            filter(({ n }) => n === 1),
          ),
          NEVER,
        );
      expectObservable(quick(two)).toBe('');
      expectObservable(quick(branch)).toBe('-----|');
      expectObservable(acknowledged$).toBe('1');
    });
  });

  /** A fan-out whose source reads `settled$` in frame `reads`. */
  const readLate = (events$: Observable<Numbered>, reads: Observable<unknown>, expectedSubscribers: number) => {
    const notices: Notice[] = [];
    const settled$ = new ReplaySubject<number>(Infinity);
    const source: Pausable<Numbered> = (_, settlement) => {
      reads.subscribe(() => settlement.settled$.subscribe(settled$));
      return events$;
    };
    const branch = fanOut(source, { expectedSubscribers, notices: { next: notice => notices.push(notice) } });
    return { branch, settled$: settled$.pipe(map(n => `${n}`)), notices };
  };

  test('K5a what came before the first reading is settled together, also if a branch had received only a part of it', () => {
    runMarbles(({ cold, level, expectObservable }) => {
      const { branch, settled$ } = readLate(cold('(abc)--d', values), cold('-x'), 2);
      const held: Pausable<Numbered> = (_, settlement) => branch(level('t-f'), settlement);
      quick(branch).subscribe();
      backpressure(held, { required: true, project: () => timer(1) }).subscribe();
      expectObservable(settled$).toBe('-0---3--4');
    });
  });

  test('F5a K4d a branch that leaves before the round begins does not count', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { branch, settled$, notices } = readLate(cold('ab', values), cold('--x'), 3);
      quick(branch).subscribe();
      quick(branch).subscribe().unsubscribe();
      quick(branch).subscribe();
      quick(branch).subscribe();
      expectObservable(settled$).toBe('--2');
      cold('----x').subscribe(() => expect(notices).toEqual([]));
    });
  });

  test('K4d K4i of branches that leave in one turn, the one that settled least ends the count, and is named', () => {
    for (const order of [
      [1, 2, 2],
      [2, 1, 1],
      [2, 2, 1],
    ]) {
      runMarbles(({ cold, expectObservable }) => {
        const { branch, settled$, notices } = readLate(cold('-(abc)', values), of(0), 4);
        const leaving = order.map(done =>
          backpressure(branch, { required: true, project: ({ n }) => (n > done ? NEVER : EMPTY) }).subscribe(),
        );
        backpressure(branch, { required: true, project: () => timer(2) }).subscribe();
        cold('--x').subscribe(() => {
          for (const consumer of leaving) consumer.unsubscribe();
        });
        expectObservable(settled$).toBe('0--(1|)');
        cold('----x').subscribe(() =>
          expect(notices).toEqual([{ type: 'Unsettled', what: from(2, order.indexOf(1) + 1) }]),
        );
      });
    }
  });

  test('K4h a branch whose consumer cannot be followed gets its error, and the round settles nothing', () => {
    const { branch, acknowledged$, unsettled } = fannedOut(of(a(1)));
    const seen: unknown[] = [];
    acknowledged$.subscribe(n => seen.push(n));
    quick(branch).subscribe();
    branch(NEVER, noSettlement('mine')).subscribe({ error: ({ name }: Error) => seen.push(name) });
    expect([seen, unsettled()]).toEqual([['NotSettledError'], []]);
  });

  test('K1d K4i a branch whose consumer settles nothing more, but has not left, ends the count as well', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const events$ = cold('abc--d|', values);
      const { branch, acknowledged$, unsettled } = fannedOut(events$);
      const broker = eventBroker<Numbered>();
      broker.notices$.subscribe();
      broker.subscribe({ required: true, skip$: cold<boolean>('--#'), next: ({ n }) => (n > 1 ? NEVER : undefined) });
      broker.subscribe({ required: true, next: () => timer(1) });
      const receiving = broker.receive(branch);
      const others = backpressure(branch, { required: true, project: () => timer(1) });
      expectObservable(receiving.pipe(map(({ sent }) => sent))).toBe('------(s|)', { s: 4 });
      expectObservable(others.pipe(ignoreElements())).toBe('------|');
      expectObservable(acknowledged$).toBe('-1');
      expectSubscriptions(events$.subscriptions).toBe('^-----!');
      cold('---x').subscribe(() =>
        expect(unsettled()).toEqual([
          'fan-out branch 1 settles nothing more: value 2 and later ones are not settled until the fan-out is opened again',
        ]),
      );
    });
  });

  test('K1c the last branch that leaves follows the settlement of its consumer no longer', () => {
    let followers = 0;
    const follow = <T>(value: T): Observable<T> =>
      new Observable(subscriber => {
        followers++;
        subscriber.next(value);
        return () => followers--;
      });
    const { branch } = fannedOut(NEVER, { expectedSubscribers: 1 });
    const left = branch(NEVER, { received: 0, settled: 0, settled$: follow(0) }).subscribe();
    expect(followers).toBeGreaterThan(0);
    left.unsubscribe();
    expect(followers).toBe(0);
  });

  test('K3b a source may ask whether its consumers are at rest before it asks what they have settled', () => {
    runMarbles(({ cold, expectObservable }) => {
      const rest$ = new ReplaySubject<string>(Infinity);
      const source: Pausable<Numbered> = (_, { atRest$ = EMPTY, settled$ }) => {
        atRest$.subscribe(level => rest$.next(level ? 't' : 'f'));
        settled$.subscribe();
        return cold('--a', values);
      };
      const branch = fanOut(source, { expectedSubscribers: 1 });
      backpressure(batchUntil(branch, 'A'), { required: true, project: () => timer(3) }).subscribe();
      expectObservable(rest$.pipe(distinctUntilChanged())).toBe('f----t');
    });
  });

  test('K5a K4d a source that reads the count after a branch has left gets nothing: it is unknown what that branch had settled', () => {
    runMarbles(({ cold, expectObservable }) => {
      const notices: Notice[] = [];
      let settlement: Settlement | undefined;
      const source: Pausable<Numbered> = (_, given) => {
        settlement = given;
        return cold('a---b', values);
      };
      const branch = fanOut(source, { expectedSubscribers: 2, notices: { next: notice => notices.push(notice) } });
      const first = quick(branch).subscribe();
      quick(branch).subscribe();
      cold('-x').subscribe(() => first.unsubscribe());
      expectObservable(cold('--x--x').pipe(map(() => `${settlement?.settled}`))).toBe('--0--0');
      cold('------x').subscribe(() => expect(notices).toEqual([{ type: 'Unsettled', what: from(1) }]));
    });
  });

  test('K2e a branch without a settlement that leaves inside next has settled that value', () => {
    const emit$ = new Subject<Numbered>();
    const { branch, acknowledged$ } = fannedOut(emit$, { settlement: 'none' });
    const seen: string[] = [];
    acknowledged$.subscribe(n => seen.push(n));
    branch(NEVER).pipe(take(2)).subscribe();
    branch(NEVER).subscribe();
    for (const n of [1, 2, 3]) emit$.next(a(n));
    expect(seen).toEqual(['1', '2', '3']);
  });

  test('K1d K4i branches that leave because following another one has failed leave quietly', async () => {
    const unhandled: unknown[] = [];
    config.onUnhandledError = error => unhandled.push(error);
    const source: Pausable<Numbered> = (_, { settled$ }) => new Observable(() => settled$.subscribe());
    const branch = fanOut(source, { expectedSubscribers: 3 });
    const failing = { received: 0, settled: 0, settled$: throwError(() => new Error('not settled')) };
    const sound = { received: 0, settled: 0, settled$: NEVER };
    const ends: unknown[] = [];
    merge(branch(NEVER, failing), branch(NEVER, sound), branch(NEVER, sound)).subscribe({
      error: ({ message }: Error) => ends.push(message),
    });
    // RxJS reports on a timer
    await new Promise(resolve => setTimeout(resolve));
    config.onUnhandledError = null;
    expect([ends, unhandled]).toEqual([['not settled'], []]);
  });
});
