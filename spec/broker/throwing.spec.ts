// What user code can do to a broker: each of these once left it wrong.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { asapScheduler, Observable, of, scheduled, Subject, throwError } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { thrownBy } from '../flow/helpers.js';
import { a, b, shown, still, type Letter } from './events.js';

/** An event whose type can be read that many times. */
const readable = (times: number, n: number): Letter => {
  let left = times;
  return {
    get type(): 'A' {
      if (left-- === 0) throw new Error('unreadable');
      return 'A';
    },
    n,
  };
};

/** A handler that opens a route. */
const opening = (broker: ReturnType<typeof still>) => (): void => {
  if (broker.snapshot().subscribers.length < 3)
    broker.subscribe({ required: false, types: ['Hidden'], next: () => undefined });
};

/** An event that does something as its type is read. */
const acting = (act: () => void, n: number): Letter => ({
  get type(): 'A' {
    act();
    return 'A';
  },
  n,
});

describe('B9 B12 an event whose type getter acts on the broker', () => {
  test('it closes the broker: `send` throws, and nothing is counted as sent', () => {
    const broker = still();
    broker.subscribe({ required: true, types: ['A'], next: () => undefined });
    expect(thrownBy(() => broker.send(acting(() => broker.close(), 1)))).toMatchObject({ name: 'BrokerClosedError' });
    expect(broker.snapshot().sent).toBe(0);
  });

  test('it fills a backlog: `send` throws, and the backlog keeps its bound', () => {
    const broker = still({ maxPending: 2 });
    broker.subscribe({ required: true, highWaterMark: 1, types: ['A'], next: () => new Promise(() => undefined) });
    const fill = (): void => {
      while (broker.snapshot().subscribers[0]!.pending < 2) broker.send(a(1));
    };
    expect(thrownBy(() => broker.send(acting(fill, 2)))).toMatchObject({ name: 'BacklogFullError' });
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 2, pending: 2 }]);
  });

  test('it opens a route inside a batch: the events of that type go along it', () => {
    const broker = still();
    const given: string[] = [];
    const subscribe = (): void => {
      if (broker.snapshot().subscribers.length === 1)
        broker.subscribe({ required: false, types: ['B'], next: event => void given.push(shown(event)) });
    };
    broker.subscribe({ required: true, types: ['A'], next: () => undefined });
    broker.sendBatch([b(1), acting(subscribe, 2), b(3)]);
    expect(given).toEqual(['B1', 'B3']);
  });
});

describe('B9 B12 an event whose type cannot be read', () => {
  test('in a batch: the error reaches the caller, and no subscriber has received an event of the batch', () => {
    const broker = still();
    const given: string[] = [];
    broker.subscribe({ required: true, types: ['A'], next: event => void given.push(shown(event)) });
    broker.subscribe({ required: false, nextBatch: events => void given.push(events.map(shown).join()) });
    expect(thrownBy(() => broker.sendBatch([a(1), readable(0, 2)]))).toEqual(new Error('unreadable'));
    expect(broker.snapshot()).toMatchObject({ sent: 0, subscribers: [{ offered: 0 }, { offered: 0, pending: 0 }] });
    broker.sendBatch([a(3)]);
    expect(given).toEqual(['A3', 'A3']);
  });

  test('from inside a delivery: the error reaches that call, even if no subscriber names a type yet', () => {
    const broker = still();
    const errors: unknown[] = [];
    broker.subscribe({
      required: true,
      next: () => {
        errors.push(thrownBy(() => broker.send(readable(0, 2))));
        broker.subscribe({ required: true, types: ['B'], next: () => undefined });
      },
    });
    expect(broker.send(a(1))).toBe(true);
    expect(errors).toEqual([new Error('unreadable')]);
    expect(broker.snapshot().sent).toBe(1);
  });

  test('later, in a batch: nothing is read again unless a handler opens or closes a route', () => {
    const broker = still();
    const given: number[] = [];
    broker.subscribe({
      required: true,
      types: ['A'],
      nextBatch: events => void given.push(...events.map(({ n }) => n)),
    });
    broker.sendBatch([readable(1, 1), readable(1, 2)]);
    expect(given).toEqual([1, 2]);
  });

  test('later, in a batch: nextBatch gets the events that were dispatched before it, and nothing stays in flight', () => {
    const broker = still();
    const given: string[] = [];
    broker.subscribe({ required: true, types: ['A'], nextBatch: events => void given.push(events.map(shown).join()) });
    broker.subscribe({ required: false, types: ['A'], next: opening(broker) });
    expect(thrownBy(() => broker.sendBatch([a(1), readable(1, 2), a(3)]))).toEqual(new Error('unreadable'));
    expect(given).toEqual(['A1']);
    expect(broker.snapshot()).toMatchObject({
      sent: 1,
      subscribers: [{ offered: 1, delivered: 1, pending: 0 }, {}, {}],
    });
  });

  test('later, a batch routed by its first event: single events are still delivered one by one', () => {
    const broker = still({ routeBatchBy: 'firstEvent' });
    const given: string[] = [];
    broker.subscribe({ required: true, types: ['A'], nextBatch: events => void given.push(events.map(shown).join()) });
    broker.subscribe({
      required: false,
      types: ['A'],
      next: event => {
        if (event.n > 1) return;
        broker.sendBatch([readable(1, 2), a(3)]);
        broker.subscribe({ required: false, types: ['Hidden'], next: () => undefined });
      },
    });
    expect(thrownBy(() => broker.send(a(1)))).toEqual(new Error('unreadable'));
    broker.send(a(4));
    broker.send(a(5));
    expect(given).toEqual(['A1', 'A4', 'A5']);
  });

  test('later, after the delivery that sent it: the error reaches the outer call after the rest has been handed over', () => {
    const broker = still();
    const given: string[] = [];
    broker.subscribe({
      required: true,
      types: ['A'],
      next: event => {
        given.push(shown(event));
        if (event.n > 1) return;
        broker.send(readable(2, 2));
        broker.send(a(3));
      },
    });
    expect(thrownBy(() => broker.send(a(1)))).toEqual(new Error('unreadable'));
    expect(given).toEqual(['A1', 'A3']);
    expect(broker.send(a(4))).toBe(true);
    expect(broker.snapshot()).toMatchObject({ sent: 3, subscribers: [{ offered: 3, delivered: 3, pending: 0 }] });
    expect(given).toEqual(['A1', 'A3', 'A4']);
  });

  test('K1c later, of an event of a source: it reaches nobody, so it is never settled', () => {
    const broker = still();
    broker.subscribe({ required: false, types: ['B'], next: () => undefined });
    const settled: unknown[] = [];
    const errors: unknown[] = [];
    broker
      .receive((_, settlement) => {
        settlement.settled$.subscribe({ next: n => settled.push(n), complete: () => settled.push('end') });
        return of(a(1), readable(1, 2));
      })
      .subscribe({ error: ({ message }: Error) => errors.push(message) });
    expect([settled, errors]).toEqual([[0, 1, 'end'], ['unreadable']]);
  });

  test('later, as the broker closes: every subscriber is closed', () => {
    const broker = still();
    let closed = 0;
    broker.notices$.subscribe(({ type }) => (closed += Number(type === 'Closed')));
    broker.subscribe({
      required: true,
      next: () => {
        broker.send(readable(1, 2));
        broker.close();
      },
    });
    broker.subscribe({ required: false, next: () => undefined });
    broker.send(a(1));
    expect(closed).toBe(2);
  });
});

describe('B10k B10l work whose teardown throws', () => {
  const torn = (work$: Observable<unknown>) =>
    new Observable(subscriber => {
      subscriber.add(work$.subscribe(subscriber));
      return () => {
        throw new Error('torn');
      };
    });

  const notesOf = (broker: ReturnType<typeof still>): string[] => {
    const notes: string[] = [];
    broker.notices$.subscribe(notice => {
      if (notice.type === 'Failed') notes.push(`Failed ${notice.events.map(shown).join()}`);
      else if (notice.type === 'Closed') notes.push('Closed');
    });
    return notes;
  };

  const { error: original } = console;
  const error = jest.fn();
  beforeEach(() => {
    error.mockClear();
    console.error = error;
  });
  afterEach(() => {
    console.error = original;
  });

  test.each([
    ['at once', () => torn(throwError(() => new Error('failed')))],
    [
      'after its subscription',
      () =>
        torn(
          scheduled(
            throwError(() => new Error('failed')),
            asapScheduler,
          ),
        ),
    ],
  ])('a try that fails %s is followed by the next one', async (_, failing) => {
    const broker = still();
    const notes = notesOf(broker);
    let tries = 0;
    const next = () => (++tries === 3 ? undefined : failing());
    broker.subscribe({ required: true, retry: 5, next });
    broker.send(a(1));
    await new Promise(setImmediate);
    expect(tries).toBe(3);
    expect(notes).toEqual(['Failed ', 'Failed ']);
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 1, failed: 0 }]);
  });

  test.each([{}, { retry: 1 }])('the error of the last work comes before the subscriber is Closed: %j', retry => {
    const broker = still();
    const notes = notesOf(broker);
    const work$ = new Subject();
    const subscription = broker.subscribe({ required: true, drainOnClose: true, ...retry, next: () => torn(work$) });
    broker.send(a(1));
    subscription.unsubscribe();
    work$.complete();
    expect(notes).toEqual(['Failed ', 'Closed']);
    expect(error).not.toHaveBeenCalled();
  });

  test('a drain ends after the last work has been torn down, failed or not', () => {
    const broker = still();
    const notes = notesOf(broker);
    const work$ = new Subject();
    broker.subscribe({ required: false, next: () => torn(work$) });
    broker.send(a(1));
    broker.drain().subscribe(() => notes.push('drained'));
    work$.error(new Error('failed'));
    expect(notes).toEqual(['Failed A1', 'Failed ', 'drained', 'Closed']);
  });

  test('work that stops the broker: its subscriber is closed, so the error goes to the console', () => {
    const broker = still();
    const notes = notesOf(broker);
    const work$ = new Subject();
    broker.subscribe({ required: true, name: 'x', next: () => torn(work$) });
    broker.send(a(1));
    work$.error(new Error('failed'));
    expect(notes).toEqual(['Failed A1', 'Closed']);
    expect(error.mock.calls).toMatchObject([['rx-event-broker: x: a teardown threw', { errors: [new Error('torn')] }]]);
  });
});

describe('B2 B10 a handler that empties the batch it is given', () => {
  const used = (events: readonly Letter[]): string => (events as Letter[]).splice(0).map(shown).join();

  test('gets the same batch in its next attempt', () => {
    const broker = still();
    const tries: string[] = [];
    broker.subscribe({
      required: true,
      retry: 1,
      nextBatch: events => {
        if (tries.push(used(events)) === 1) throw new Error('not yet');
      },
    });
    broker.sendBatch([a(1), b(2)]);
    expect(tries).toEqual(['A1,B2', 'A1,B2']);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('failed');
      },
    ],
    ['fails', () => throwError(() => new Error('failed'))],
  ])('and %s: what failed is counted and announced', (_, outcome) => {
    const broker = still();
    const failures: Notice<Letter>[] = [];
    broker.notices$.subscribe(notice => notice.type === 'Failed' && failures.push(notice));
    broker.subscribe({
      required: false,
      nextBatch: events => {
        used(events);
        return outcome();
      },
    });
    broker.sendBatch([a(1), b(2)]);
    expect(failures).toMatchObject([{ events: [a(1), b(2)] }]);
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 2, delivered: 0, failed: 2 }]);
  });
});

describe('B6j drain ignores hold$ from its call on', () => {
  // seed 2680018319 of the soak
  test('a hold$ that changes inside a drained delivery changes nothing: other deliveries begin as before', () => {
    const broker = still();
    const log: string[] = [];
    const first$ = new Subject<boolean>();
    const second$ = new Subject<boolean>();
    broker.subscribe({
      required: false,
      hold$: first$,
      next: () => {
        log.push('first begins');
        second$.next(false);
        second$.next(true);
        log.push('first returns');
      },
    });
    broker.subscribe({ required: false, hold$: second$, next: () => void log.push('second') });
    first$.next(true);
    second$.next(true);
    broker.send(a(1));
    broker.drain().subscribe(() => log.push('drained'));
    expect(log).toEqual(['first begins', 'first returns', 'second', 'drained']);
  });
});
