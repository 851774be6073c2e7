import { describe, expect, test } from '@jest/globals';
import { catchError, concat, delay, EMPTY, NEVER, of, range, map, Subject, throwError, type Observable } from 'rxjs';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import type { Settlement } from '../../lib/flow/contract/Settlement.js';
import { ofType } from '../../lib/operators/ofType.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { a, b, still, type Letter } from './events.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const values = { a: a(1), b: b(2), c: a(3) };
const takes =
  (milliseconds: number) =>
  (event: Letter): Observable<Letter> =>
    of(event).pipe(delay(milliseconds));

const nameOfError = catchError((error: Error) => of(error.name));

describe('B11 receive', () => {
  test('B3a B11a B11b is cold, and completes with the last snapshot when the source and its required deliveries are done', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const broker = eventBroker<Letter>();
      broker.subscribe({ required: true, next: takes(3) });
      broker.subscribe({ required: false, next: () => NEVER });
      const source$ = cold('-a-b|', values);
      const delivered$ = broker
        .receive(source$)
        .pipe(map(({ sent, subscribers }) => [sent, subscribers[0]?.delivered]));
      expectObservable(delivered$, '--^').toBe('---------(r|)', { r: [2, 2] });
      expectSubscriptions(source$.subscriptions).toBe('--^---!');
    });
  });

  test('B11b waits for its own events, not for those that are sent elsewhere in the meantime', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Letter>();
      broker.subscribe({ required: true, next: takes(4) });
      expectObservable(broker.receive(cold('a|', values)).pipe(map(({ sent }) => sent))).toBe('----(r|)', { r: 2 });
      cold('--b|', values).subscribe(event => broker.send(event));
    });
  });

  test('B11c one at a time: a second one errors immediately and does not affect the first', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const broker = eventBroker<Letter>();
      const first$ = cold('a---|', values);
      const second$ = cold('b|', values);
      const names = map(({ sent }: { sent: number }) => sent);
      expectObservable(broker.receive(first$).pipe(names)).toBe('----(r|)', { r: 1 });
      expectObservable(broker.receive(second$).pipe(names, nameOfError), '--^').toBe('--(e|)', {
        e: 'ReceiveRunningError',
      });
      expectSubscriptions(second$.subscriptions).toBe([]);
      expectObservable(broker.receive(cold('b|', values)).pipe(names), '-----^').toBe('------(r|)', { r: 2 });
    });
  });

  test('B11d unsubscribing cancels the source; what it sent is still delivered', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const broker = eventBroker<Letter>();
      const done$ = broker.stream({ required: true, project: takes(3) });
      const source$ = cold('-a-b-c|', values);
      expectObservable(done$).toBe('----a--b', values);
      expectObservable(broker.receive(source$), '^---!').toBe('-');
      expectSubscriptions(source$.subscriptions).toBe('^---!');
    });
  });

  test('an error of the source is its error', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Letter>();
      expectObservable(broker.receive(cold('a-#', values))).toBe('--#');
      expectObservable(broker.receive(throwError(() => 'at once')), '---^').toBe('---#', undefined, 'at once');
      const cannotOpen = () => {
        throw new Error('cannot open');
      };
      expectObservable(broker.receive(cannotOpen), '----^').toBe('----#', undefined, new Error('cannot open'));
    });
  });

  test('an empty source: completes immediately, after waiting for what was sent before it', () => {
    runMarbles(({ expectObservable }) => {
      const broker = eventBroker<Letter>();
      broker.subscribe({ required: true, next: takes(2) });
      broker.send(a(1));
      expectObservable(broker.receive(EMPTY).pipe(map(({ subscribers }) => subscribers[0]?.delivered))).toBe('--(r|)', {
        r: 1,
      });
    });
  });
});

describe('B6 what ends a running receive', () => {
  test('B1g B6m B6n close() errors it; drain() pauses its source, and leaves it when all of its events are done', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const closing = eventBroker<Letter>();
      const draining = eventBroker<Letter>();
      for (const broker of [closing, draining]) broker.subscribe({ required: true, next: takes(5) });
      const sources = [cold('a-a-a-a-a-|', values), cold('a-a-a-a-a-|', values)] as const;
      expectObservable(closing.receive(sources[0]).pipe(nameOfError)).toBe('---(e|)', { e: 'BrokerClosedError' });
      const delivered = map(({ subscribers }: ReturnType<typeof closing.snapshot>) => subscribers[0]?.delivered);
      expectObservable(draining.receive(sources[1]).pipe(delivered)).toBe('----------(r|)', { r: 2 });
      cold('---x').subscribe(() => {
        closing.close();
        void draining.drain();
      });
      expectSubscriptions(sources[0].subscriptions).toBe('^--!');
      expectSubscriptions(sources[1].subscriptions).toBe('^---------!');
    });
  });
});

describe('B12 flow control', () => {
  test('the source is paused at the mark, and resumed at half of it', () => {
    runMarbles(({ cold, expectObservable }) => {
      const broker = eventBroker<Letter>();
      broker.subscribe({ required: true, highWaterMark: 4, next: takes(2) });
      const pulled: number[] = [];
      const numbers = function* (): Generator<Letter> {
        for (let n = 0; n < 7; n++) {
          pulled.push(n);
          yield a(n);
        }
      };
      const pulledAt$ = cold('-a-a-a-a-(a|)').pipe(map(() => pulled.length));
      const done$ = broker.receive(pause$ => fromPull(numbers, { pause$ })).pipe(map(({ sent }) => sent));
      expectObservable(broker.saturated$).toBe('(ft)(ft)f', { t: true, f: false });
      expectObservable(done$).toBe('--------------(n|)', { n: 7 });
      expectObservable(pulledAt$).toBe('-a-a-b-b-(c|)', { a: 4, b: 6, c: 7 });
    });
  });

  test('B12a B12b pending stays below the mark plus the largest hand-over, however slow the subscriber', async () => {
    const broker = still();
    let most = 0;
    const marks: number[] = [];
    broker.notices$.pipe(ofType('Saturated')).subscribe(({ pending }) => marks.push(pending));
    broker.subscribe({ required: true, highWaterMark: 8, next: () => Promise.resolve() });
    const numbers = function* (): Generator<Letter> {
      for (let n = 0; n < 1000; n++) {
        yield a(n);
        most = Math.max(most, broker.snapshot().subscribers[0]?.pending ?? 0);
      }
    };
    await new Promise(resolve => {
      broker.receive(pause$ => fromPull(numbers, { pause$ })).subscribe({ complete: () => resolve(undefined) });
    });
    // asked for the next one only while fewer than the mark are pending
    expect(most).toBe(7);
    expect(new Set(marks)).toEqual(new Set([8]));
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 1000, delivered: 1000 }]);
  });

  test('B12e send returns false while a required backlog is at its mark', () => {
    const broker = still();
    const work = new Subject<void>();
    const notices: Notice<Letter>['type'][] = [];
    broker.notices$.subscribe(({ type }) => notices.push(type));
    broker.subscribe({ required: true, highWaterMark: 2, next: ({ n }) => (n === 1 ? work : undefined) });
    expect([broker.send(a(1)), broker.send(a(2)), broker.send(a(3)), broker.sendBatch([])]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    work.complete();
    expect(broker.send(a(4))).toBe(true);
    expect(notices).toEqual(['Subscribed', 'Saturated', 'Clear']);
  });

  test('B12f B12g past maxPending send throws before any subscriber has received the event, and a plain Observable ends with that error', () => {
    const broker = still({ maxPending: 4 });
    const seen: number[] = [];
    broker.subscribe({ required: true, next: ({ n }) => void seen.push(n) });
    broker.subscribe({ required: true, name: 'slow', types: ['A'], highWaterMark: 1, next: () => NEVER });
    for (let n = 1; n <= 4; n++) broker.send(a(n));
    expect(() => broker.send(a(5))).toThrow(
      `slow: the backlog is full (pending: 4, maxPending: 4); wait while saturated$ is true, or use a source that can be paused (${ERRORS_PAGE}#backlogfullerror)`,
    );
    expect(() => broker.sendBatch([b(6), a(7)])).toThrow('slow');
    broker.sendBatch([b(8), b(9)]);
    expect(seen).toEqual([1, 2, 3, 4, 8, 9]);
    const errors: unknown[] = [];
    broker.receive(range(10, 5).pipe(map(a))).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([
      expect.objectContaining({ name: 'BacklogFullError', who: 'slow', pending: 4, maxPending: 4 }),
    ]);
    expect(seen.length).toBe(6);
  });

  test('a batch that would exceed the bound is rejected whole', () => {
    const broker = still({ maxPending: 4 });
    broker.subscribe({ required: true, name: 'slow', highWaterMark: 1, next: () => NEVER });
    broker.send(a(1));
    expect(() => broker.sendBatch([a(2), a(3), a(4), a(5)])).toThrow('slow');
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 1 }]);
    broker.sendBatch([a(2), a(3), a(4)]);
    expect(broker.snapshot().subscribers).toMatchObject([{ pending: 4 }]);
  });
});

describe('B11 the next receive', () => {
  test.each<[string, Observable<Letter>]>([
    ['complete', of(a(1))],
    ['error', throwError(() => new Error('source'))],
  ])('B11f may begin where the %s of the one before it is heard', (_, first$) => {
    const broker = still();
    const ends: unknown[] = [];
    const next = (): void => {
      broker.receive(of(a(2))).subscribe({
        error: ({ name }: Error) => ends.push(name),
        complete: () => {
          ends.push('complete');
        },
      });
    };
    broker.receive(first$).subscribe({ error: next, complete: next });
    expect(ends).toEqual(['complete']);
  });

  test('B11f that was begun there is the one that runs', () => {
    const broker = still();
    const errors: unknown[] = [];
    broker.receive(of(a(1))).subscribe({
      complete: () => {
        broker.receive(NEVER).subscribe({ error: ({ name }: Error) => errors.push(['inner', name]) });
      },
    });
    broker.receive(NEVER).subscribe({ error: ({ name }: Error) => errors.push(['outer', name]) });
    broker.close();
    expect(errors).toEqual([
      ['outer', 'ReceiveRunningError'],
      ['inner', 'BrokerClosedError'],
    ]);
  });
});

test('K1f K5b what is settled never falls when a source is opened again, even if events of another one are pending', () => {
  const broker = still();
  broker.subscribe({ required: true, types: ['B'], next: () => NEVER });
  const seen: number[][] = [];
  const source = (_: unknown, settlement: Settlement) => {
    const settled: number[] = [];
    seen.push(settled);
    settlement.settled$.subscribe(n => settled.push(n));
    return seen.length === 1 ? of(a(1)) : NEVER;
  };
  const first$ = broker.receive(source);
  first$.subscribe();
  broker
    .receive(concat(of(b(2), b(3)), NEVER))
    .subscribe()
    .unsubscribe();
  first$.subscribe().unsubscribe();
  first$.subscribe().unsubscribe();
  expect(seen).toEqual([[0, 1], [1], [1]]);
});

test('B11b it emits one snapshot, also if the broker drains meanwhile and a subscriber leaves at the snapshot', () => {
  const broker = eventBroker<Letter>();
  const done = new Subject<void>();
  broker.subscribe({ required: true, types: ['A'], next: () => done });
  const other = broker.subscribe({ required: false, types: ['B'], next: () => undefined });
  let snapshots = 0;
  broker.receive(of(a(1))).subscribe(() => {
    snapshots++;
    other.unsubscribe();
  });
  broker.drain().subscribe();
  done.complete();
  expect(snapshots).toBe(1);
});
