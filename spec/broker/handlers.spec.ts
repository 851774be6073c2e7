import { describe, expect, test } from '@jest/globals';
import { from, NEVER, Subject, type InteropObservable } from 'rxjs';
import type { Subscriber } from '../../lib/broker/Subscriber.js';
import { a, b, shown, still, type Letter } from './events.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

/** A handler whose work is done when the test says so. */
const byHand = () => {
  const begun: string[] = [];
  const open: Subject<unknown>[] = [];
  return {
    begun,
    done: () => open.shift()?.complete(),
    next: (event: Letter) => {
      begun.push(shown(event));
      const work = new Subject<unknown>();
      open.push(work);
      return work;
    },
  };
};

describe('B1 a required subscriber', () => {
  test('B1a B1b gets every event of its types, in send order across types, one at a time', () => {
    const broker = still();
    const { begun, done, next } = byHand();
    broker.subscribe({ required: true, types: ['A', 'B'], next });
    for (const event of [a(1), b(2), b(3), a(4)]) broker.send(event);
    expect(begun).toEqual(['A1']);
    done();
    expect(begun).toEqual(['A1', 'B2']);
    done();
    done();
    expect(begun).toEqual(['A1', 'B2', 'B3', 'A4']);
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 4, delivered: 3, pending: 1 }]);
  });

  test('B1c B6a gets events that are sent while it is registered, not before and not after', () => {
    const broker = still();
    const seen: string[] = [];
    broker.send(a(0));
    const subscription = broker.subscribe({ required: true, next: event => void seen.push(shown(event)) });
    broker.send(a(1));
    subscription.unsubscribe();
    broker.send(a(2));
    expect(seen).toEqual(['A1']);
  });

  test('B1c one that subscribes inside a delivery gets the next event first', () => {
    const broker = still();
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      next: event => {
        if (event.n === 1) broker.subscribe({ required: true, next: later => void seen.push(shown(later)) });
      },
    });
    broker.send(a(1));
    broker.send(a(2));
    expect(seen).toEqual(['A2']);
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 2 }, { offered: 1, delivered: 1 }]);
  });

  test('unsubscribing another subscriber inside a delivery takes effect immediately', () => {
    const broker = still();
    const seen: string[] = [];
    broker.subscribe({
      required: true,
      next: () => {
        other.unsubscribe();
      },
    });
    const other = broker.subscribe({ required: true, next: event => void seen.push(shown(event)) });
    const last = broker.subscribe({ required: true, next: event => void seen.push(`last ${shown(event)}`) });
    broker.send(a(1));
    broker.send(a(2));
    expect(seen).toEqual(['last A1', 'last A2']);
    last.unsubscribe();
  });

  test('B1h events that no subscriber asked for are counted', () => {
    const broker = still();
    broker.send(a(1));
    const subscription = broker.subscribe({ required: true, types: ['A'], next: () => undefined });
    broker.send(a(2));
    broker.send(b(3));
    subscription.unsubscribe();
    broker.send(a(4));
    expect(broker.snapshot()).toMatchObject({ sent: 4, unrouted: 3 });
  });
});

describe('B2 handlers', () => {
  const seenBy = (handler: object, events: readonly Letter[] = [a(1), a(2)]) => {
    const broker = still();
    broker.subscribe({ required: true, ...handler } as Subscriber<Letter>);
    for (const event of events) broker.send(event);
    return broker.snapshot().subscribers[0];
  };

  test('B2a next is called as a plain function, with the event and nothing else', () => {
    const calls: unknown[] = [];
    seenBy({
      next(this: unknown, ...args: unknown[]) {
        calls.push([this, args]);
      },
    });
    // `toEqual` would accept another argument that is `undefined`
    expect(calls).toStrictEqual([
      [undefined, [a(1)]],
      [undefined, [a(2)]],
    ]);
  });

  test('B2a nextBatch is called as a plain function, with the events and nothing else', () => {
    const calls: unknown[] = [];
    seenBy({
      nextBatch(this: unknown, ...args: unknown[]) {
        calls.push([this, args]);
      },
    });
    // `toEqual` would accept another argument that is `undefined`
    expect(calls).toStrictEqual([
      [undefined, [[a(1)]]],
      [undefined, [[a(2)]]],
    ]);
  });

  test.each([false, true])('B2 a batch that its handler uses up is reported as it was, abortable: %s', abortable => {
    const broker = still();
    const failures: unknown[] = [];
    broker.notices$.subscribe(notice => notice.type === 'Failed' && failures.push(notice.events));
    broker.subscribe({
      required: false,
      abortable: abortable as never,
      nextBatch: (events: readonly Letter[]) => {
        (events as Letter[]).length = 0;
        throw new Error('used up');
      },
    });
    broker.sendBatch([a(1), b(2)]);
    expect(failures).toEqual([[a(1), b(2)]]);
    expect(broker.snapshot().subscribers).toMatchObject([{ offered: 2, failed: 2, pending: 0 }]);
  });

  test('B2g a method of a class is bound, once', () => {
    class Ledger {
      readonly required = true;
      readonly seen: string[] = [];
      next(event: Letter): void {
        this.seen.push(shown(event));
      }
    }
    const broker = still();
    const ledger = new Ledger();
    broker.subscribe(ledger);
    broker.send(a(1));
    broker.send(a(2));
    expect(ledger.seen).toEqual(['A1', 'A2']);
  });

  test('B16d a required stream without project is rejected', () => {
    const errors: unknown[] = [];
    const stream$ = still().stream({ required: true } as never);
    stream$.subscribe({ error: (error: Error) => errors.push(error.message) });
    expect(errors).toEqual([
      `project: expected the work of a required stream, found undefined (${ERRORS_PAGE}#optionerror)`,
    ]);
  });

  test('B2b B2f synchronous work is done when send returns', () => {
    expect(seenBy({ next: () => undefined })).toMatchObject({ offered: 2, delivered: 2, pending: 0 });
  });

  const interop = (): InteropObservable<unknown> => ({ [Symbol.observable ?? '@@observable']: () => NEVER });
  test.each([
    ['a Promise', () => new Promise(() => undefined)],
    ['a thenable', () => ({ then: () => new Promise(() => undefined) })],
    ['an Observable', () => NEVER],
    ['an Observable of another library', interop],
  ])('B2b %s is waited for', (_, next) => {
    expect(seenBy({ next })).toMatchObject({ offered: 2, delivered: 0, pending: 2 });
  });

  test.each([
    ['a number', () => 1],
    ['a text', () => 'text'],
    ['null', () => null],
    ['an array of Promises', () => [new Promise(() => undefined)]],
    ['a Map', () => new Map([[1, 2]])],
    ['a generator', () => (function* () {})()],
    ['an async generator', () => (async function* () {})()],
    ['a function', () => () => undefined],
  ])('%s counts as done', (_, next) => {
    expect(seenBy({ next })).toMatchObject({ offered: 2, delivered: 2, pending: 0 });
  });

  test('B2d the next delivery waits for completion, not for a value', () => {
    const work = new Subject<number>();
    const begun: number[] = [];
    const broker = still();
    broker.subscribe({
      required: true,
      next: event => {
        begun.push(event.n);
        return event.n === 1 ? work : from([1, 2, 3]);
      },
    });
    broker.send(a(1));
    broker.send(a(2));
    work.next(7);
    expect(begun).toEqual([1]);
    work.complete();
    expect(begun).toEqual([1, 2]);
    expect(broker.snapshot().subscribers).toMatchObject([{ delivered: 2, pending: 0 }]);
  });

  test('B2a nextBatch gets a single event as a batch of one', () => {
    const batches: string[][] = [];
    seenBy({ nextBatch: (events: readonly Letter[]) => void batches.push(events.map(shown)) });
    expect(batches).toEqual([['A1'], ['A2']]);
  });

  test.each([
    ['neither next nor nextBatch', { required: true }, 'next, nextBatch: expected exactly one of them, found 0'],
    [
      'both',
      { required: true, next: () => undefined, nextBatch: () => undefined },
      'next, nextBatch: expected exactly one of them, found 2',
    ],
    ['no required', { next: () => undefined }, 'required: expected true or false, found undefined'],
    [
      'a mark of 0',
      { required: true, highWaterMark: 0, next: () => undefined },
      'highWaterMark: expected a whole number, 1 or more, found 0',
    ],
    [
      'half an event',
      { required: false, capacity: 0.5, next: () => undefined },
      'capacity: expected a whole number, 0 or more, found 0.5',
    ],
  ])('%s is rejected, and no subscriber is registered', (_, subscriber, message) => {
    const broker = still();
    expect(() => broker.subscribe(subscriber as never)).toThrow(message);
    expect(broker.snapshot().subscribers).toEqual([]);
  });
});
