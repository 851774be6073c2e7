import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { EMPTY, NEVER, observable, Subscription } from 'rxjs';
import { openSource } from '../../lib/flow/contract/Source.js';
import { batchOfEvents, singleEvent } from '../../lib/flow/mailbox/Measure.js';
import { ignoreOutcome, isWork, workOf } from '../../lib/flow/mailbox/Work.js';
import { noSettlement } from '../../lib/flow/settlement/noSettlement.js';

const thenable = Object.assign(() => undefined, { then: () => undefined });
const interop = { [observable]: () => NEVER };

describe('B2 what the broker waits for', () => {
  test.each<[string, unknown, boolean]>([
    ['a Promise', Promise.resolve(), true],
    ['an Observable', NEVER, true],
    ['what is like one', interop, true],
    ['a function that is like a Promise', thenable, true],
    ['what has @@observable', { '@@observable': () => NEVER }, true],
    ['an Observable of another copy', { subscribe: () => undefined, pipe: () => undefined }, true],
    ['the Observable of the platform', { subscribe: () => undefined, takeUntil: () => undefined }, true],
    ['a store', { subscribe: () => undefined, getState: () => 1 }, false],
    ['nothing', undefined, false],
    ['null', null, false],
    ['a text', 'text', false],
    ['an object', { then: true, [observable]: true }, false],
    ['a function', () => undefined, false],
  ])('%s', (_, result, expected) => {
    expect(isWork(result)).toBe(expected);
  });

  test('a value that is not work is done immediately', () => {
    const ends: string[] = [];
    for (const result of [undefined, [1, 2], 'text', EMPTY, NEVER])
      workOf(result).subscribe({ next: () => ends.push('next'), complete: () => ends.push('done') });
    expect(ends).toEqual(['done', 'done', 'done', 'done']);
  });

  test('an Observable is unsubscribed as its own library does it: by its subscription, or by a signal', () => {
    const left: string[] = [];
    const ofLibrary = { pipe: () => undefined, subscribe: () => new Subscription(() => left.push('subscription')) };
    const ofPlatform = {
      takeUntil: () => undefined,
      subscribe: (_: unknown, { signal }: { readonly signal: AbortSignal }) =>
        signal.addEventListener('abort', () => left.push('signal')),
    };
    for (const work of [ofLibrary, ofPlatform]) workOf(work).subscribe().unsubscribe();
    expect(left).toEqual(['subscription', 'signal']);
  });

  test('B10m the rejection of an abandoned thenable is ignored', async () => {
    const asked: string[] = [];
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    const rejected = Promise.reject(new Error('behind a thenable'));
    class Named extends Promise<unknown> {
      override readonly [Symbol.toStringTag] = 'Named' as never;
    }
    ignoreOutcome(Promise.reject(new Error('rejected')));
    ignoreOutcome(Named.reject(new Error('of a class')));
    ignoreOutcome(runInNewContext('Promise.reject(new Error("of another realm"))'));
    ignoreOutcome({ then: (done: () => void, failed: () => void) => rejected.then(done, failed) });
    ignoreOutcome({
      then: () => {
        throw new Error('thrown');
      },
    });
    ignoreOutcome(undefined);
    ignoreOutcome({
      get then() {
        asked.push('asked');
        throw new Error('thrown');
      },
    });
    await new Promise(resolve => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect([asked, unhandled]).toEqual([['asked'], []]);
  });
});

test('a unit is counted in events, and knows its first, its last and all events', () => {
  const look = <U>(
    { weigh, first, last, events }: { [K in keyof typeof singleEvent]: (unit: U) => unknown },
    unit: U,
  ) => [weigh(unit), first(unit), last(unit), events(unit)];
  expect(look(singleEvent, 'a')).toEqual([1, 'a', 'a', ['a']]);
  expect(look(batchOfEvents, ['a', 'b', 'c'])).toEqual([3, 'a', 'c', ['a', 'b', 'c']]);
});

test('a pausable source is called with the pause; a plain one is subscribed to directly', () => {
  const none = noSettlement('a test');
  const given: unknown[] = [];
  const opened = openSource(
    (...args) => {
      given.push(...args);
      return EMPTY;
    },
    NEVER,
    none,
  );
  expect([opened, given]).toEqual([EMPTY, [NEVER, none]]);
  expect(openSource(EMPTY, NEVER, none)).toBe(EMPTY);
});
