import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { finalize, NEVER, Subject, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { a, type Letter } from './events.js';

let written: unknown[] = [];
beforeEach(() => {
  written = [];
  jest.spyOn(console, 'error').mockImplementation((...line) => void written.push(line[0]));
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** A consumer whose teardown throws when it is notified of the end. */
const torn = <T>(): MonoTypeOperatorFunction<T> =>
  finalize(() => {
    throw new Error('torn');
  });

/** How it ends. */
const endOf = (of$: Observable<unknown>): { end: string } => {
  const seen = { end: 'none' };
  of$.subscribe({ error: ({ name }: Error) => (seen.end = name), complete: () => (seen.end = 'completed') });
  return seen;
};

/** A broker with a required delivery in flight, which ends with `done$`. */
const busy = () => {
  const broker = eventBroker<Letter>();
  const done$ = new Subject<never>();
  const stream = () => broker.stream({ required: true, project: () => done$ });
  return { broker, done$, stream };
};

describe('B6p B6q B10k B10l a consumer whose teardown throws keeps the end from nobody', () => {
  test('of a stream, and of receive: the broker drains, and all are notified', () => {
    const { broker, done$, stream } = busy();
    const event$ = new Subject<Letter>();
    const ends = [endOf(stream().pipe(torn())), endOf(stream()), endOf(broker.receive(() => event$).pipe(torn()))];
    event$.next(a(1));
    ends.push(endOf(broker.drain().pipe(torn())));
    expect(ends.map(({ end }) => end)).toEqual(Array(4).fill('none'));
    done$.complete();
    expect(ends.map(({ end }) => end)).toEqual(Array(4).fill('completed'));
  });

  test('of receive and of a drain that wait for the same delivery', () => {
    const { broker, done$, stream } = busy();
    const event$ = new Subject<Letter>();
    stream().subscribe();
    const receive = endOf(broker.receive(() => event$).pipe(torn()));
    event$.next(a(1));
    const drained = [endOf(broker.drain().pipe(torn())), endOf(broker.drain())];
    expect([receive, ...drained]).toEqual(Array(3).fill({ end: 'none' }));
    done$.complete();
    expect([receive, ...drained]).toEqual(Array(3).fill({ end: 'completed' }));
    expect(written).toEqual(Array(2).fill('rx-event-broker: a teardown threw'));
  });

  test('of receive, when the broker stops: streams and drains are notified of it', () => {
    const { broker, done$, stream } = busy();
    const event$ = new Subject<Letter>();
    const ends = [endOf(stream().pipe(torn())), endOf(stream()), endOf(broker.receive(() => event$).pipe(torn()))];
    event$.next(a(1));
    done$.error(new Error('no'));
    expect(ends.map(({ end }) => end)).toEqual(Array(3).fill('BrokerStoppedError'));
    expect(endOf(broker.drain())).toEqual({ end: 'BrokerStoppedError' });
  });

  test('of changes$', async () => {
    const { broker } = busy();
    broker.changes$.pipe(torn()).subscribe();
    const changes = endOf(broker.changes$);
    broker.send(a(1));
    await Promise.resolve();
    broker.close();
    await new Promise(setImmediate);
    expect([changes, written]).toEqual([{ end: 'completed' }, ['rx-event-broker: a teardown threw']]);
  });

  test('of notices$: the others get each notice', () => {
    const { broker } = busy();
    const seen: string[] = [];
    broker.notices$.pipe(torn()).subscribe();
    broker.notices$.subscribe(({ type }) => seen.push(type));
    const notices = endOf(broker.notices$);
    broker.subscribe({ required: false, next: () => undefined });
    broker.close();
    expect([seen, notices]).toEqual([['Subscribed', 'Closed'], { end: 'completed' }]);
  });

  test.each(['complete', 'error'] as const)('of a branch of a fan-out, whose source ends with %s', how => {
    const value$ = new Subject<number>();
    const branch = fanOut(value$, { expectedSubscribers: 2 });
    const rounds = [1, 2].map(() => {
      const ends = [endOf(branch(NEVER).pipe(torn())), endOf(branch(NEVER))];
      expect(value$.observed).toBe(true);
      return ends;
    });
    expect(rounds[1]).toMatchObject([{ end: 'FanOutFullError' }, { end: 'FanOutFullError' }]);
    value$[how](new Error('no'));
    const end = how === 'complete' ? 'completed' : 'Error';
    expect(rounds[0]).toEqual([{ end }, { end }]);
  });
});
