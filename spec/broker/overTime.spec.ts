import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  catchError,
  concat,
  filter,
  finalize,
  map,
  NEVER,
  of,
  Subject,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import type { BrokerStoppedError } from '../../lib/broker/BrokerStoppedError.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import { backpressure } from '../../lib/operators/backpressure.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { ofType } from '../../lib/operators/ofType.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { a, type Tick } from './ticks.js';

const ticks = { a: a(1), b: a(2), c: a(3), d: a(4) };
const n = map((tick: Tick) => tick.n);

afterEach(() => {
  jest.restoreAllMocks();
});

describe('retry and failure', () => {
  test('B10c B10d retry tries the same delivery again, in place, after its delay on the scheduler', () => {
    runMarbles(({ hot, requiredProbe, expectDeliveries }) => {
      const broker = eventBroker<Tick>();
      const probe = requiredProbe(['-#', '-#', '--|', '|'], { retry: { count: 2, delay: 3 } });
      broker.subscribe(probe);
      broker.receive(hot('ab|', ticks)).subscribe();
      expectDeliveries(probe).toBe({ began: 'a---a---a-b', failed: '-a---a', done: '----------(ab)' }, ticks);
    });
  });

  test('B10g a delivery that fails for good is announced with its events, its error and its attempts', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      const broker = eventBroker<Tick>();
      broker.subscribe({
        required: true,
        onFailure: 'continue',
        retry: { count: 1, delay: 2 },
        next: () => cold('-#', undefined, 'no'),
      });
      const failed$ = broker.notices$.pipe(
        ofType('Failed'),
        map(({ events, error, attempts }) => ({ events, error, attempts })),
      );
      expectObservable(failed$).toBe('----x---y', {
        x: { events: [a(1)], error: 'no', attempts: 2 },
        y: { events: [a(2)], error: 'no', attempts: 2 },
      });
      expectObservable(broker.receive(hot('ab|', ticks)).pipe(map(({ sent }) => sent))).toBe('--------(s|)', { s: 2 });
    });
  });

  test('B10i stop: receive and every stream error with the cause; continue: neither does', () => {
    runMarbles(({ hot, cold, expectObservable }) => {
      for (const onFailure of ['stop', 'continue'] as const) {
        const broker = eventBroker<Tick>();
        broker.notices$.subscribe();
        broker.subscribe({ required: true, name: 'store', onFailure, next: () => cold('-#', undefined, 'no') });
        const error = ['BrokerStoppedError', 'store', 'no'];
        const inParts = catchError((found: BrokerStoppedError) =>
          throwError(() => [found.name, found.subscriber, String(found.cause)]),
        );
        const stream$ = broker.stream({ required: false }).pipe(n, inParts);
        expectObservable(stream$).toBe(onFailure === 'stop' ? '1#' : '1--2', { 1: 1, 2: 2 }, error);
        expectObservable(
          broker.receive(hot('a--b|', ticks)).pipe(
            map(({ sent }) => sent),
            inParts,
          ),
        ).toBe(onFailure === 'stop' ? '-#' : '----(s|)', { s: 2 }, error);
      }
    });
  });

  test('B10j a Failed without an observer is written to console.error, once for each subscriber', () => {
    const write = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const broker = eventBroker<Tick>();
    const fails = (): never => {
      throw new Error('no');
    };
    broker.subscribe({ required: false, name: 'one', next: fails });
    broker.subscribe({ required: false, name: 'two', next: fails });
    for (const event of Object.values(ticks)) broker.send(event);
    expect(write.mock.calls.map(([text]) => String(text))).toEqual([
      'rx-event-broker: one failed, and nobody observes its notices',
      'rx-event-broker: two failed, and nobody observes its notices',
    ]);
    broker.subscribe({ required: false, name: 'three', next: fails });
    broker.notices$.subscribe();
    broker.send(a(5));
    expect(write).toHaveBeenCalledTimes(2);
  });

  test('B10j also of a required one, if it is not the failure that send throws', () => {
    const write = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const broker = eventBroker<Tick>();
    for (const name of ['one', 'two', 'three']) {
      const next = (): never => {
        throw new Error(name);
      };
      broker.subscribe({ required: true, name, next });
    }
    expect(() => broker.send(a(1))).toThrow('stopped');
    expect(write.mock.calls.map(([text]) => String(text))).toEqual([
      'rx-event-broker: two failed, and nobody observes its notices',
      'rx-event-broker: three failed, and nobody observes its notices',
    ]);
  });

  test('B10j also of a required one that fails while the broker is being closed, though receive is running', () => {
    const write = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const broker = eventBroker<Tick>();
    const work$ = new Subject<void>();
    broker.subscribe({ required: false, next: () => NEVER.pipe(finalize(() => work$.error(new Error('no')))) });
    broker.subscribe({ required: true, name: 'ledger', next: () => work$ });
    const ends: string[] = [];
    broker.receive(concat(of(a(1)), NEVER)).subscribe({ error: ({ name }: Error) => ends.push(name) });
    broker.close();
    expect(ends).toEqual(['BrokerClosedError']);
    expect(write.mock.calls.map(([text]) => String(text))).toEqual([
      'rx-event-broker: ledger failed, and nobody observes its notices',
    ]);
  });
});

describe('levels', () => {
  test('B5d B5f a required subscriber on hold becomes saturated and pauses the source; its events then arrive in order', () => {
    runMarbles(({ pausableCold, requiredProbe, expectDeliveries, expectPauses, expectObservable }) => {
      const broker = eventBroker<Tick>();
      const probe = requiredProbe('', { highWaterMark: 2, hold: 't----f' });
      broker.subscribe(probe);
      const source = pausableCold('ab---c|', ticks);
      expectObservable(broker.receive(source).pipe(map(({ sent }) => sent))).toBe('----------(s|)', { s: 3 });
      expectDeliveries(probe).toBe({ began: '-----(ab)c' }, ticks);
      expectPauses(source).toBe('-t---f');
    });
  });

  test('B5e B5h an optional subscriber on hold drops events that do not fit; an error of hold$ closes it', () => {
    runMarbles(({ hot, optionalProbe, expectDeliveries, expectObservable }) => {
      const broker = eventBroker<Tick>();
      const probe = optionalProbe('', { capacity: 1, hold: 't----f' });
      broker.subscribe(probe);
      broker.subscribe({ required: false, name: 'broken', hold$: hot('--#'), next: () => undefined });
      expectObservable(
        broker.notices$.pipe(
          filter(({ type }) => type === 'Failed' || type === 'Closed'),
          map(({ type }) => type),
        ),
      ).toBe('--(fc)', { f: 'Failed', c: 'Closed' });
      broker.receive(hot('abc|', ticks)).subscribe();
      expectDeliveries(probe, broker).toBe({ began: '-----a', dropped: '-11', missed: '' }, ticks);
    });
  });

  test('B3b observeOn runs the handler off the caller’s stack', () => {
    runMarbles(({ hot, expectObservable, flush }) => {
      const broker = eventBroker<Tick>();
      const seen: string[] = [];
      const scheduler = {
        now: () => 0,
        schedule: (work: () => void) => timer(3).subscribe(() => work.call(scheduler)),
      };
      broker.subscribe({
        required: false,
        observeOn: scheduler as never,
        next: tick => void seen.push(String(tick.n)),
      });
      expectObservable(hot('a', ticks).pipe(map(tick => broker.send(tick)))).toBe('t', { t: true });
      hot('a').subscribe(() => seen.push('sent'));
      flush();
      expect(seen).toEqual(['sent', '1']);
    });
  });
});

describe('stallAfter', () => {
  const stalled = (notices$: Observable<Notice<Tick>>) =>
    notices$.pipe(
      ofType('Stalled'),
      map(({ subscriber, event, since, waiting, waitsFor }) => [
        subscriber.name,
        event?.n,
        since,
        waiting,
        ...(waitsFor === undefined ? [] : [waitsFor.name]),
      ]),
    );

  test('B15a B15b an unfinished delivery and a backlog on hold are announced once, and again after progress', () => {
    runMarbles(({ hot, cold, level, expectObservable }) => {
      const broker = eventBroker<Tick>();
      broker.subscribe({ required: true, name: 'slow', stallAfter: 5, next: () => cold('7ms |') });
      broker.subscribe({ required: true, name: 'held', stallAfter: 8, hold$: level('t'), next: () => undefined });
      broker.subscribe({ required: true, name: 'quick', stallAfter: 5, next: () => cold('4ms |') });
      hot('-ab', ticks).subscribe(tick => broker.send(tick));
      expectObservable(stalled(broker.notices$)).toBe('------x--y---z', {
        x: ['slow', 1, 1, 1],
        y: ['held', 1, 1, 1],
        z: ['slow', 2, 8, 0],
      });
    });
  });

  test('B15c is off in the operator by default; no timer outlives the work', () => {
    runMarbles(({ cold, expectObservable, flush }) => {
      const seen: Notice<string>[] = [];
      const notices = { next: (notice: Notice<string>) => void seen.push(notice) };
      const project = () => cold('9ms |');
      expectObservable(cold('a|').pipe(backpressure({ required: true, notices, project }))).toBe('9ms |');
      expectObservable(cold('b|').pipe(backpressure({ required: true, notices, project, stallAfter: 4 }))).toBe(
        '9ms |',
      );
      flush();
      expect(seen.filter(({ type }) => type === 'Stalled')).toMatchObject([{ event: 'b', since: 0, waiting: 0 }]);
    });
  });

  test('B15d a stalled branch is reported, with the branches that wait for it', () => {
    runMarbles(({ level, expectObservable, hot }) => {
      const notices$ = new Subject<Notice<Tick>>();
      const shared = fanOut<Tick>(hot('a', ticks), {
        expectedSubscribers: 2,
        bufferSize: 1,
        stallAfter: 5,
        notices: notices$,
      });
      expectObservable(stalled(notices$)).toBe('-----(xy)', {
        x: ['fan-out branch 1', 1, 0, 0],
        y: ['fan-out branch 2', undefined, 0, 0, 'fan-out branch 1'],
      });
      expectObservable(shared(level('t'))).toBe('');
      expectObservable(shared(of(false)).pipe(n)).toBe('1', { 1: 1 });
    });
  });
});

describe('stream', () => {
  test('B16b B16c subscribing registers, unsubscribing closes; it emits the results of the work, in order', () => {
    runMarbles(({ hot, cold, expectObservable, flush }) => {
      const broker = eventBroker<Tick>();
      const closed: Notice<Tick>[] = [];
      broker.notices$.pipe(ofType('Closed')).subscribe(notice => closed.push(notice));
      const stream$ = broker.stream({ required: true, project: tick => cold('--x|', { x: tick.n }) });
      expectObservable(stream$, '-^-------!').toBe('---2--3', { 2: 2, 3: 3 });
      hot('abc-----d', ticks).subscribe(tick => broker.send(tick));
      flush();
      expect(closed).toMatchObject([{ tally: { offered: 3, delivered: 2, failed: 1 }, unfinished: [a(4)] }]);
    });
  });

  test('B16e without project an optional one emits the events; it completes when the broker closes', () => {
    runMarbles(({ hot, expectObservable }) => {
      const broker = eventBroker<Tick>();
      expectObservable(broker.stream({ required: false }).pipe(n)).toBe('12-|', { 1: 1, 2: 2 });
      hot('ab', ticks).subscribe(tick => broker.send(tick));
      hot('---x').subscribe(() => broker.close());
    });
  });
});

describe('drain', () => {
  test('B6i B6j B6k accepts nothing more, releases events on hold, emits the last snapshot when every backlog is done', () => {
    runMarbles(({ hot, cold, level, expectObservable }) => {
      const broker = eventBroker<Tick>();
      broker.subscribe({ required: true, hold$: level('t'), next: () => cold('--|') });
      hot('ab', ticks).subscribe(tick => broker.send(tick));
      const source = hot('-----c', ticks);
      expectObservable(broker.receive(source).pipe(map(({ sent }) => sent))).toBe('-------(s|)', { s: 2 });
      expectObservable(broker.saturated$).toBe('f------|', { f: false });
      hot('---x').subscribe(() => {
        expectObservable(broker.drain().pipe(map(({ subscribers }) => subscribers[0]?.delivered))).toBe('-------(d|)', {
          d: 2,
        });
        expect(() => broker.send(a(9))).toThrow(expect.objectContaining({ name: 'BrokerClosedError' }));
      });
    });
  });
});
