import { describe, expect, test } from '@jest/globals';
import {
  catchError,
  concatMap,
  EMPTY,
  filter,
  ignoreElements,
  map,
  merge,
  mergeMap,
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
import {
  backpressure,
  batchUntil,
  eventBroker,
  fanOut,
  gather,
  settledBy,
  type OpenedSource,
  type Pausable,
  type Settlement,
} from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';

interface Numbered {
  readonly type: 'A' | 'B';
  readonly n: number;
}

const a = (n: number): Numbered => ({ type: 'A', n });
const b = (n: number): Numbered => ({ type: 'B', n });
/** Branches that leave say so. */
const quiet = { next: () => undefined };
const values = { a: a(1), b: b(2), c: a(3), d: b(4) };

/** A source that acknowledges the number of an event. `acknowledged$` emits what is acknowledged; completion is as in K3. */
const acknowledging = (events$: Observable<Numbered>) => {
  const acknowledged$ = new Subject<number>();
  const source: Pausable<Numbered> = (_, settlement) =>
    new Observable(subscriber => {
      const given = settledBy<number>(subscriber, settlement, n => acknowledged$.next(n));
      return events$.subscribe({
        next: event => given(event.n, () => subscriber.next(event)),
        error: error => subscriber.error(error),
        complete: () => given.complete(),
      });
    });
  return { source, acknowledged$ };
};

const failed = (): never => {
  throw new Error('no');
};

/** Opens the first value that an operator holds back. */
const gate$ = new Subject<void>();

/** A consumer behind an operator that emits later. */
const later = <T>(source: Pausable<T>): Observable<unknown> =>
  backpressure<T, unknown>(
    (pause$, settlement) =>
      source(pause$, settlement).pipe(
        concatMap(value =>
          gate$.pipe(
            take(1),
            map(() => value),
          ),
        ),
      ),
    { required: true, project: () => EMPTY },
  );

/** Work of that many frames. */
const takes = (frames: number) => () => timer(frames);

describe('K4 a broker', () => {
  test('K1a K4a an event is settled when the slowest required subscriber has finished with it', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Numbered>();
      broker.subscribe({ required: true, next: takes(1) });
      broker.subscribe({ required: true, types: ['A'], next: takes(5) });
      broker.subscribe({ required: true, types: ['B'], next: () => undefined });
      const { source, acknowledged$ } = acknowledging(cold('ab-----c----|', values));
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('-----2------3');
      expectObservable(broker.receive(source).pipe(map(({ sent }) => sent))).toBe('------------(s|)', { s: 3 });
    });
  });

  test.each([
    ['', (source: Pausable<Numbered>) => source],
    [' behind a fan-out', (source: Pausable<Numbered>) => fanOut(source, { expectedSubscribers: 1 })],
  ])('B23d K3a a source that waits for its last values is at its end: gather hands them over%s', (_, from) => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Numbered>();
      const gathered = { maxSize: 9, maxWait: Infinity };
      broker.subscribe({ required: true, gather: gather(gathered), nextBatch: takes(3) });
      const { source, acknowledged$ } = acknowledging(cold('-abc|', values));
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('-------3');
      expectObservable(broker.receive(from(source)).pipe(map(({ sent }) => sent))).toBe('-------(s|)', { s: 3 });
    });
  });

  test.each<[string, (source: Pausable<Numbered>) => Pausable<Numbered>]>([
    ['a fan-out', source => fanOut(source, { expectedSubscribers: 1 })],
    ['batches', source => (pause$, given) => batchUntil(source, 'B')(pause$, given).pipe(mergeMap(batch => batch))],
    [
      'a branch that has left',
      source => {
        const branch = fanOut(source, { expectedSubscribers: 2, notices: quiet });
        backpressure(branch, { required: true, project: () => EMPTY }).subscribe();
        return (pause$, given) => merge(branch(pause$, given).pipe(take(4)), NEVER);
      },
    ],
  ])('B23d each subscription to atRest$ hands over what is gathered by then, through %s', (_, through) => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Numbered>();
      const batches$ = new Subject<string>();
      const nextBatch = (batch: readonly Numbered[]) => batches$.next(batch.map(({ n }) => n).join(''));
      broker.subscribe({ required: true, gather: gather({ maxSize: 9, maxWait: Infinity }), nextBatch });
      const source: Pausable<Numbered> = (_pause$, settlement) =>
        new Observable(subscriber => {
          subscriber.add(settlement.settled$.subscribe());
          subscriber.add(cold('--x---x').subscribe(() => settlement.atRest$!.subscribe().unsubscribe()));
          return cold('ab-cd', values).subscribe(subscriber);
        });
      broker.receive(through(source)).subscribe();
      expectObservable(batches$).toBe('--x---y', { x: '12', y: '34' });
    });
  });

  test('K1e optional subscribers and events from elsewhere do not count', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Numbered>();
      broker.subscribe({ required: true, types: ['A'], next: takes(3) });
      broker.subscribe({ required: false, next: () => NEVER });
      const { source, acknowledged$ } = acknowledging(cold('--b-a', values));
      cold('a').subscribe(() => broker.send(a(9)));
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('--2----1');
      expectObservable(broker.receive(source)).toBe('');
    });
  });

  test('K1b a subscriber that its owner closes has finished with its events; with drainOnClose, once they are finished', () => {
    runMarbles(({ cold, expectObservable }) => {
      const settledBy = (drainOnClose: boolean) => {
        const broker = eventBroker<Numbered>();
        broker.subscribe({ required: true, next: takes(4), closed$: cold('--x'), drainOnClose });
        const { source, acknowledged$ } = acknowledging(cold('ab', values));
        broker.receive(source).subscribe();
        return acknowledged$.pipe(map(n => `${n}`));
      };
      expectObservable(settledBy(false)).toBe('--2');
      expectObservable(settledBy(true)).toBe('----1---2');
    });
  });

  test.each([
    ['close', (broker: ReturnType<typeof eventBroker<Numbered>>) => broker.close()],
    ['leaving receive', (_: unknown, receiving: Subscription) => receiving.unsubscribe()],
  ])('K1c %s settles nothing', (_, end) => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Numbered>();
      broker.subscribe({ required: true, next: takes(2) });
      const { source, acknowledged$ } = acknowledging(cold('abc', values));
      const receiving = broker.receive(source).subscribe({ error: () => undefined });
      cold('---x').subscribe(() => end(broker, receiving));
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('--1');
    });
  });

  test('K1c a delivery that stops the broker is not settled, and settled$ completes before any subscriber is closed', () => {
    runMarbles(({ cold, expectObservable }) => {
      const seen: string[] = [];
      const broker = eventBroker<Numbered>();
      broker.notices$.subscribe(({ type }) => seen.push(type));
      broker.subscribe({ required: true, next: ({ n }) => (n === 2 ? cold('--#') : timer(1)) });
      const source: Pausable<Numbered> = (_, { settled$ }) => {
        settled$.subscribe({ next: n => seen.push(String(n)), complete: () => seen.push('complete') });
        return cold('ab', values);
      };
      const name$ = broker.receive(source).pipe(catchError(({ name }: Error) => of(name)));
      expectObservable(name$).toBe('---(e|)', { e: 'BrokerStoppedError' });
      cold('----x').subscribe(() => expect(seen).toEqual(['Subscribed', '0', '1', 'complete', 'Failed', 'Closed']));
    });
  });

  test('K1d a required subscriber that is closed by an error of its level ends settled$, an optional one does not', () => {
    runMarbles(({ cold, expectObservable }) => {
      const settledBy = (required: boolean) => {
        const broker = eventBroker<Numbered>();
        const skip$ = cold<boolean>('--#');
        broker.notices$.subscribe();
        broker.subscribe({ required: true, next: takes(1) });
        if (required) broker.subscribe({ required, skip$, next: takes(5) });
        else broker.subscribe({ required, skip$, next: takes(5) });
        const { source, acknowledged$ } = acknowledging(cold('a---c', values));
        broker.receive(source).subscribe();
        return acknowledged$.pipe(map(n => `${n}`));
      };
      expectObservable(settledBy(true)).toBe('');
      expectObservable(settledBy(false)).toBe('-1---3');
    });
  });

  test.each([
    ['waits for its last values', '(ab|)', '---#', 4, '--------(s|)'],
    ['ends later', 'a--b-|', '-#', 2, '-----(s|)'],
  ])(
    'K1d K3b once nothing more will be settled, a source that %s waits only for the deliveries',
    (_, events, skip, frames, expected) => {
      runMarbles(({ cold, expectObservable }) => {
        const broker = eventBroker<Numbered>();
        broker.notices$.subscribe();
        broker.subscribe({ required: true, skip$: cold<boolean>(skip), next: takes(9) });
        broker.subscribe({ required: true, next: takes(frames) });
        const { source, acknowledged$ } = acknowledging(cold(events, values));
        expectObservable(broker.receive(source).pipe(map(({ sent }) => sent))).toBe(expected, { s: 2 });
        expectObservable(acknowledged$).toBe('');
      });
    },
  );

  test('K1d K3b atRest$ of a broker is true while no delivery runs, once nothing more is settled', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Numbered>();
      broker.notices$.subscribe();
      broker.subscribe({ required: true, skip$: cold<boolean>('-#'), next: takes(9) });
      broker.subscribe({ required: true, next: takes(2) });
      const rest$ = new ReplaySubject<string>(Infinity);
      const source: Pausable<Numbered> = (_, { settled$, atRest$ = EMPTY }) => {
        settled$.subscribe();
        atRest$.subscribe(level => rest$.next(level ? 't' : 'f'));
        return cold('a---b', values);
      };
      broker.receive(source).subscribe();
      expectObservable(rest$).toBe('f-t-f-t');
    });
  });

  test.each<[string, (event: Numbered) => Pausable<Numbered>]>([
    ['settles', event => acknowledging(of(event)).source],
    ['settles, and nothing more will be settled', event => acknowledging(of(event)).source],
    ['does not settle', event => () => of(event)],
  ])(
    'K1c B10g a required failure is an error of receive, whatever its observer ends (a source that %s)',
    (what, open) => {
      runMarbles(({ cold, expectObservable }) => {
        const broker = eventBroker<Numbered>();
        const other = broker.subscribe({ required: true, types: ['B'], next: () => undefined });
        broker.notices$.subscribe(notice => {
          if (notice.type === 'Failed' && notice.events.length > 0) other.unsubscribe();
        });
        broker.subscribe({ required: true, next: () => cold('--#') });
        if (what.includes('nothing more'))
          broker.subscribe({ required: true, skip$: cold<boolean>('-#'), next: () => NEVER });
        const name$ = broker.receive(open(a(1))).pipe(catchError(({ name }: Error) => of(name)));
        expectObservable(name$).toBe('--(e|)', { e: 'BrokerStoppedError' });
      });
    },
  );

  test('K1c B10g so it is if the source ends when the failure is announced', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Numbered>();
      const end$ = new Subject<never>();
      broker.notices$.subscribe(({ type }) => {
        if (type === 'Failed') end$.complete();
      });
      broker.subscribe({ required: true, next: () => cold('--#') });
      const name$ = broker.receive(() => merge(of(a(1)), end$)).pipe(catchError(({ name }: Error) => of(name)));
      expectObservable(name$).toBe('--(e|)', { e: 'BrokerStoppedError' });
    });
  });

  test('K1c B10g a delivery that stops the broker is an error, also if its source only waits for it', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Numbered>();
      broker.notices$.subscribe();
      broker.subscribe({ required: true, next: () => cold('--#') });
      const { source } = acknowledging(cold('(a|)', values));
      const name$ = broker.receive(source).pipe(catchError(({ name }: Error) => of(name)));
      expectObservable(name$).toBe('--(e|)', { e: 'BrokerStoppedError' });
    });
  });

  test('K2f K3b a source at its end completes although a branch behind its batches has left one unsettled', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { source, acknowledged$ } = acknowledging(cold('(abcd|)', values));
      const branch = fanOut(batchUntil(source, 'B'), { expectedSubscribers: 2, notices: quiet });
      const left = backpressure(branch, { required: true, project: () => NEVER }).subscribe();
      cold('-x').subscribe(() => left.unsubscribe());
      const others = backpressure(branch, { required: true, project: takes(2) });
      expectObservable(others.pipe(ignoreElements())).toBe('----|');
      expectObservable(acknowledged$).toBe('');
    });
  });

  test('K3c drain pauses the source for good and leaves it when what it gave is settled', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions, pausableCold }) => {
      const broker = eventBroker<Numbered>();
      broker.subscribe({ required: true, next: takes(3) });
      const events = pausableCold('abc-d', values);
      const acknowledged$ = new Subject<number>();
      const source: Pausable<Numbered> = (pause$, settlement) =>
        new Observable(subscriber => {
          const given = settledBy<number>(subscriber, settlement, n => acknowledged$.next(n));
          return events(pause$).subscribe(event => given(event.n, () => subscriber.next(event)));
        });
      cold('--x').subscribe(() => void broker.drain());
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('---1--2');
      expectObservable(broker.receive(source).pipe(map(({ sent }) => sent))).toBe('------(s|)', { s: 2 });
      expectSubscriptions(events.subscriptions).toBe('^-----!');
    });
  });

  /** A broker whose deliveries are finished by hand. */
  const finishedByHand = () => {
    const broker = eventBroker<Numbered>();
    const work = new Map<number, Subject<never>>();
    broker.subscribe({
      required: true,
      next: ({ n }) => {
        const done$ = new Subject<never>();
        work.set(n, done$);
        return done$;
      },
    });
    return { broker, finish: (n: number) => work.get(n)?.complete() };
  };

  test('K5a K5b what was taken before the first read is settled together, and counts go on after a retry', () => {
    const { broker, finish } = finishedByHand();
    let send: (event: Numbered) => void = () => undefined;
    let settlement: Settlement | undefined;
    const receiving = broker.receive(
      (_, given) =>
        new Observable(subscriber => {
          settlement = given;
          send = event => subscriber.next(event);
        }),
    );
    const first = receiving.subscribe();
    for (const n of [1, 2, 3]) send(a(n));
    expect([settlement?.received, settlement?.settled]).toEqual([3, 0]);
    finish(1);
    finish(2);
    expect(settlement?.settled).toBe(0);
    send(a(4));
    finish(3);
    expect(settlement?.settled).toBe(3);
    first.unsubscribe();
    finish(4);
    expect(settlement?.settled).toBe(3);
    receiving.subscribe();
    expect([settlement?.received, settlement?.settled]).toEqual([4, 4]);
    send(a(5));
    expect([settlement?.received, settlement?.settled]).toEqual([5, 4]);
    finish(5);
    expect(settlement?.settled).toBe(5);
  });

  /** The same, with sources that settle. */
  const byHand = () => {
    const { broker, finish } = finishedByHand();
    const source = () => {
      const events$ = new Subject<Numbered>();
      let settlement: Settlement | undefined;
      const receiving$ = broker.receive(
        (_, given) =>
          new Observable(subscriber => {
            settlement = given;
            // tracked from the first reading on
            Reflect.get(given, 'settled');
            return events$.subscribe(subscriber);
          }),
      );
      const receive = (): Subscription => receiving$.subscribe({ error: () => undefined });
      return { receive, send: (event: Numbered) => events$.next(event), settled: () => settlement?.settled };
    };
    return { source, finish };
  };

  test('K5b after a retry, what is still pending of the first run is settled one by one', () => {
    const { source, finish } = byHand();
    const one = source();
    const receiving = one.receive();
    for (const n of [1, 2, 3]) one.send(a(n));
    receiving.unsubscribe();
    one.receive();
    const counts = [1, 2, 3].map(n => (finish(n), one.settled()));
    expect(counts).toEqual([1, 2, 3]);
  });

  test('K5b after a retry the count does not fall because of what another source left pending', () => {
    const { source, finish } = byHand();
    const [one, two] = [source(), source()];
    const first = one.receive();
    for (const n of [1, 2]) one.send(a(n));
    for (const n of [1, 2]) finish(n);
    expect(one.settled()).toBe(2);
    first.unsubscribe();
    const second = two.receive();
    two.send(a(3));
    second.unsubscribe();
    one.receive();
    expect(one.settled()).toBe(2);
  });

  test('K1c an event that is rejected is not settled, and holds back nothing of the next source', () => {
    const { source, finish } = byHand();
    const [one, two] = [source(), source()];
    one.receive();
    one.send(undefined as never);
    expect(one.settled()).toBe(0);
    two.receive();
    two.send(a(1));
    finish(1);
    expect(two.settled()).toBe(1);
  });

  test('K5a a source that reads the count from inside a delivery: subscribers that have not been called yet count', () => {
    const broker = eventBroker<Numbered>();
    const done$ = new Subject<void>();
    let settlement: Settlement | undefined;
    const seen: (number | undefined)[] = [];
    // asynchronous before, so that it has a mailbox
    let works = true;
    broker.subscribe({
      required: true,
      next: () => {
        if (!works) seen.push(settlement?.settled);
      },
    });
    broker.subscribe({ required: true, next: () => (works ? EMPTY : done$) });
    const emit$ = new Subject<Numbered>();
    broker
      .receive((_, given) => {
        settlement = given;
        return emit$;
      })
      .subscribe();
    emit$.next(a(1));
    works = false;
    emit$.next(a(2));
    seen.push(settlement?.settled);
    done$.complete();
    seen.push(settlement?.settled);
    expect(seen).toEqual([0, 0, 2]);
  });

  test('K3b a source at its end completes although an event that it emitted inside a delivery was lost', () => {
    const broker = eventBroker<Numbered>();
    const event$ = new Subject<Numbered>();
    const { source, acknowledged$ } = acknowledging(event$);
    const seen: unknown[] = [];
    acknowledged$.subscribe(n => seen.push(n));
    let reads = 0;
    const lost = {
      n: 1,
      get type(): 'B' {
        // its type is read when it is sent, and again when it is dispatched
        if (++reads > 2) throw new Error('no type');
        return 'B';
      },
    };
    broker.subscribe({ required: true, types: ['A'], next: () => event$.next(lost) });
    broker.receive(source).subscribe({ error: error => seen.push(error), complete: () => seen.push('completed') });
    expect(() => broker.send(a(9))).toThrow('no type');
    event$.complete();
    expect(seen).toEqual(['completed']);
  });

  test('K1f an event whose type sends another one when it is read', () => {
    const broker = eventBroker<Numbered>();
    const work: Subject<void>[] = [];
    broker.subscribe({
      required: true,
      types: ['A'],
      highWaterMark: 1,
      next: () => {
        const done$ = new Subject<void>();
        work.push(done$);
        return done$;
      },
    });
    const emit$ = new Subject<Numbered>();
    const settled: number[] = [];
    broker
      .receive((_, { settled$ }) => {
        settled$.subscribe(n => settled.push(n));
        return emit$;
      })
      .subscribe();
    let isRead = false;
    emit$.next({
      get type(): 'A' {
        if (!isRead) {
          isRead = true;
          broker.send(a(9));
        }
        return 'A';
      },
      n: 1,
    });
    work[0]?.complete();
    expect([broker.snapshot().subscribers[0]?.pending, settled]).toEqual([1, [0]]);
    work[1]?.complete();
    expect([broker.snapshot().subscribers[0]?.pending, settled]).toEqual([0, [0, 1]]);
  });

  test('K3c events that a source emits while the broker drains are never settled', () => {
    const settledAfter = (isRead: boolean): unknown => {
      const broker = eventBroker<Numbered>();
      const done$ = new Subject<void>();
      broker.subscribe({ required: true, next: () => done$ });
      const emit$ = new Subject<Numbered>();
      let settlement: Settlement | undefined;
      broker
        .receive((_, given) => {
          settlement = given;
          if (isRead) given.settled$.subscribe();
          return emit$;
        })
        .subscribe();
      emit$.next(a(1));
      void broker.drain();
      emit$.next(a(2));
      const settled = settlement?.settled;
      done$.complete();
      return [settlement?.received, settled, settlement?.settled];
    };
    expect(settledAfter(true)).toEqual([2, 0, 1]);
    expect(settledAfter(false)).toEqual([2, 0, 0]);
  });
});

describe('K4 operators', () => {
  test('K4b backpressure settles a value when its work has finished, an optional one when it takes it', () => {
    runMarbles(({ cold, expectObservable }) => {
      const required = acknowledging(cold('ab--c|', values));
      const optional = acknowledging(cold('ab--c|', values));
      expectObservable(required.acknowledged$.pipe(map(n => `${n}`))).toBe('---1--2--3');
      expectObservable(optional.acknowledged$.pipe(map(n => `${n}`))).toBe('12--3');
      expectObservable(backpressure(required.source, { required: true, project: () => cold('---(x|)') })).toBe(
        '---x--x--(x|)',
      );
      expectObservable(
        backpressure(optional.source, { required: false, capacity: 0, project: () => cold('---(x|)') }),
      ).toBe('---x---(x|)');
    });
  });

  test('K5a a source that asks backpressure late hears at once of all that has finished', () => {
    for (const [required, finishes, settled] of [
      [true, true, 2],
      [true, false, 0],
      [false, false, 2],
    ] as const) {
      let asked: number | undefined;
      const source: Pausable<Numbered> = (_, settlement) =>
        new Observable(subscriber => {
          subscriber.next(a(1));
          subscriber.next(a(2));
          asked = settlement.settled;
        });
      backpressure(source, { required: required as true, project: () => (finishes ? EMPTY : NEVER) })
        .subscribe()
        .unsubscribe();
      expect([required, finishes, asked]).toEqual([required, finishes, settled]);
    }
  });

  test('K1a a skipped event is settled in its turn', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { source, acknowledged$ } = acknowledging(cold('a-b', values));
      const skip$ = cold('ft', { f: false, t: true });
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('-----2');
      expectObservable(backpressure(source, { required: true, skip$, project: () => cold('-----(x|)') })).toBe(
        '-----x',
      );
    });
  });

  test('K1c a failure that ends backpressure settles nothing; a failure that it continues after does', () => {
    runMarbles(({ cold, expectObservable }) => {
      const settledWith = (onFailure: 'stop' | 'continue') => {
        const { source, acknowledged$ } = acknowledging(cold('abc', values));
        const notices = { next: () => undefined };
        backpressure(source, {
          required: true,
          onFailure,
          notices,
          project: ({ n }) => (n === 2 ? cold('--#') : cold('--|')),
        }).subscribe({ error: () => undefined });
        return acknowledged$.pipe(map(n => `${n}`));
      };
      expectObservable(settledWith('stop')).toBe('--1');
      expectObservable(settledWith('continue')).toBe('--1-2-3');
    });
  });

  test('K4c fanOut settles a value when every branch has', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { source, acknowledged$ } = acknowledging(cold('ab------c|', values));
      const branch = fanOut(source, { expectedSubscribers: 2, notices: quiet });
      const broker = eventBroker<Numbered>();
      broker.subscribe({ required: true, next: takes(1) });
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('---1--2----3');
      expectObservable(
        merge(backpressure(branch, { required: true, project: takes(3) }), broker.receive(branch)).pipe(map(() => 'x')),
      ).toBe('---x--x----(xx|)');
    });
  });

  test('K5a K1c fanOut: a source that reads the count late gets all earlier values together; after it was left, nothing', () => {
    runMarbles(({ cold, expectObservable }) => {
      let settlement: Settlement | undefined;
      const source: Pausable<Numbered> = (_, given) => {
        settlement = given;
        return cold('ab----c', values);
      };
      const branch = fanOut(source, { expectedSubscribers: 2, notices: quiet });
      const consumers = [2, 3].map(frames =>
        backpressure(branch, { required: true, project: takes(frames) }).subscribe(),
      );
      cold('--------x').subscribe(() => {
        for (const consumer of consumers) consumer.unsubscribe();
      });
      const read = map(() => `${settlement?.settled}`);
      expectObservable(cold('-----x-x---x').pipe(read)).toBe('-----0-2---2');
    });
  });

  test('K3b a source at its end completes although a branch has dropped its last values', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { source, acknowledged$ } = acknowledging(cold('abc|', values));
      const branch = fanOut(source, { expectedSubscribers: 2, notices: quiet });
      const odd: Pausable<Numbered> = (pause$, settlement) =>
        branch(pause$, settlement).pipe(filter(({ n }) => n === 1));
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('--1');
      expectObservable(backpressure(odd, { required: true, project: takes(2) }).pipe(map(() => 'x'))).toBe('--x|');
      expectObservable(backpressure(branch, { required: true, project: takes(1) }).pipe(map(() => 'y'))).toBe(
        '-yy(y|)',
      );
    });
  });

  test('K2g an operator behind a branch, or behind batchUntil, that holds values back acknowledges nothing', () => {
    const consume: readonly ((source: Pausable<Numbered>) => Observable<unknown>)[] = [
      source => later(fanOut(source, { expectedSubscribers: 1, notices: quiet })),
      source => later(batchUntil(source, 'A')),
    ];
    for (const by of consume) {
      const emit$ = new Subject<Numbered>();
      const { source, acknowledged$ } = acknowledging(emit$);
      const seen: unknown[] = [];
      acknowledged$.subscribe(n => seen.push(n));
      by(source).subscribe({ error: ({ name }: Error) => seen.push(name) });
      for (const n of [1, 2, 3]) emit$.next(a(n));
      gate$.next();
      emit$.next(a(4));
      expect(seen).toEqual(['HeldBackError']);
    }
  });

  test.each([
    [
      'an operator before a broker that throws',
      (branch: OpenedSource<Numbered>) => {
        const broker = eventBroker<Numbered>();
        broker.subscribe({ required: true, next: () => NEVER });
        return broker.receive((pause$, settlement) =>
          branch(pause$, settlement).pipe(map(event => (event.n > 1 ? failed() : event))),
        );
      },
    ],
    [
      'work that fails',
      (branch: OpenedSource<Numbered>) =>
        backpressure(branch, { required: true, project: () => throwError(() => 'no') }),
    ],
    [
      'an operator that throws',
      (branch: OpenedSource<Numbered>) => {
        const broken: Pausable<Numbered> = (pause$, settlement) =>
          branch(pause$, settlement).pipe(map(event => (event.n > 1 ? failed() : event)));
        return backpressure(broken, { required: true, project: () => NEVER });
      },
    ],
    [
      'work on a batch that fails',
      (branch: OpenedSource<Numbered>) =>
        backpressure(batchUntil(branch, 'A'), { required: true, project: () => throwError(() => 'no') }),
    ],
  ])('K4d %s ends the count before the branch is left', (_, consume) => {
    const emit$ = new Subject<Numbered>();
    const { source, acknowledged$ } = acknowledging(emit$);
    const seen: number[] = [];
    acknowledged$.subscribe(n => seen.push(n));
    const branch = fanOut(source, { expectedSubscribers: 2, notices: quiet });
    const ends: string[] = [];
    (consume(branch) as Observable<unknown>).subscribe({ error: () => ends.push('failed') });
    backpressure(branch, { required: true, project: () => EMPTY }).subscribe();
    for (const n of [1, 2, 3]) emit$.next(a(n));
    expect([seen, ends]).toEqual([[], ['failed']]);
  });

  test('K2e a branch without a settlement is a NotSettledError, unless settlement is none', () => {
    const found = (settlement?: 'none') => {
      const { source, acknowledged$ } = acknowledging(new Observable(subscriber => subscriber.next(a(1))));
      const seen: unknown[] = [];
      acknowledged$.subscribe(n => seen.push(n));
      fanOut(source, { expectedSubscribers: 1, notices: quiet, ...(settlement && { settlement }) })(NEVER).subscribe({
        next: ({ n }) => seen.push(`value ${n}`),
        error: ({ name }: Error) => seen.push(name),
      });
      return seen;
    };
    expect(found()).toEqual(['NotSettledError']);
    expect(found('none')).toEqual(['value 1', 1]);
  });

  test('K2f batchUntil settles the events of a batch with the batch; at the end the rest is handed over and settled', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { source, acknowledged$ } = acknowledging(cold('abc---d|', { ...values, c: a(3), d: a(4) }));
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('---2-----4');
      const results$ = backpressure(batchUntil(source, 'B'), { required: true, project: takes(2) });
      expectObservable(results$.pipe(map(() => 'x'))).toBe('---x-----(x|)');
    });
  });

  test('K2f K3b also after a paused branch: the rest is handed over when the branch has received all of it', () => {
    runMarbles(({ cold, expectObservable }) => {
      const { source, acknowledged$ } = acknowledging(cold('(abcd)a|', values));
      const branch = fanOut(source, { expectedSubscribers: 2, notices: quiet });
      const sizes$ = backpressure(batchUntil(branch, 'B'), {
        required: true,
        highWaterMark: 1,
        project: batch => timer(4).pipe(map(() => `${batch.length}`)),
      });
      expectObservable(sizes$).toBe('----2---2---(1|)');
      expectObservable(backpressure(branch, { required: true, project: () => EMPTY })).toBe('------------|');
      expectObservable(acknowledged$.pipe(map(n => `${n}`))).toBe('----2---4---1');
    });
  });
});
