import { describe, expect, test } from '@jest/globals';
import { Observable, type Subscriber } from 'rxjs';
import { settledBy, type Settlement } from 'rx-event-broker';
import { settledSourceContract, type SettledBacking } from 'rx-event-broker/testing';
import { clausesBrokenBy } from './clausesBrokenBy.js';

const VALUES = ['a', 'b', 'c', 'd'];

/** A queue in memory: what is acknowledged is gone. */
const queueOf = (
  values: readonly string[],
  open: (queue: string[], subscriber: Subscriber<string>, settlement: Settlement) => (() => void) | void = (
    queue,
    subscriber,
    settlement,
  ) => {
    const given = settledBy<string>(subscriber, settlement, upTo => queue.splice(0, queue.indexOf(upTo) + 1));
    for (const value of [...queue]) given(value, () => subscriber.next(value));
    given.complete();
  },
): SettledBacking<string> => {
  const queue = [...values];
  return {
    source: (_, settlement) => new Observable(subscriber => open(queue, subscriber, settlement)),
    left: () => [...queue],
  };
};

describe('K1 K2 K3 K6a a queue in memory', () =>
  settledSourceContract({ test, factory: values => queueOf(values), supports: { values: VALUES } }));

/** The clauses that it breaks. */
const brokenBy = (factory: (values: readonly string[]) => SettledBacking<string>): Promise<readonly string[]> =>
  clausesBrokenBy(test => settledSourceContract({ factory, supports: { values: VALUES, patience: 50 }, test }));

const EARLY = 'nothing is acknowledged before it is settled, and everything after it';
const AGAIN = 'what is not settled comes again, and nothing else';
const KILLED = 'the same after a kill';
const ENDED = 'a settlement that has ended acknowledges nothing';
const WITHOUT = 'without a settlement it errors with NotSettledError';
const LAST = 'it completes after the last settlement';

describe('K6a settledSourceContract: a source that breaks a clause', () => {
  test('acknowledges values when they are emitted', async () => {
    const broken = await brokenBy(values =>
      queueOf(values, (queue, subscriber) => {
        for (const value of [...queue]) {
          subscriber.next(value);
          queue.shift();
        }
        subscriber.complete();
      }),
    );
    expect(broken).toEqual(expect.arrayContaining([EARLY, AGAIN, KILLED, ENDED, WITHOUT, LAST]));
  });

  test('loses the settlement on the way', async () => {
    const broken = await brokenBy(values =>
      queueOf(values, (queue, subscriber) => {
        const given = settledBy<string>(subscriber, 'none', () => queue.shift());
        for (const value of [...queue]) given(value, () => subscriber.next(value));
      }),
    );
    expect(broken).toEqual(expect.arrayContaining([EARLY, WITHOUT]));
  });

  test('completes when it has emitted everything', async () => {
    const broken = await brokenBy(values =>
      queueOf(values, (queue, subscriber, settlement) => {
        const given = settledBy<string>(subscriber, settlement, upTo => queue.splice(0, queue.indexOf(upTo) + 1));
        for (const value of [...queue]) given(value, () => subscriber.next(value));
        subscriber.complete();
      }),
    );
    expect(broken).toEqual(expect.arrayContaining([EARLY, LAST]));
  });

  test('acknowledges one too many', async () => {
    const broken = await brokenBy(values =>
      queueOf(values, (queue, subscriber, settlement) => {
        const given = settledBy<string>(subscriber, settlement, upTo => queue.splice(0, queue.indexOf(upTo) + 2));
        for (const value of [...queue]) given(value, () => subscriber.next(value));
        given.complete();
      }),
    );
    expect(broken).toEqual(expect.arrayContaining([EARLY, AGAIN, KILLED, ENDED]));
  });

  test('acknowledges the rest when it is unsubscribed from', async () => {
    const broken = await brokenBy(values =>
      queueOf(values, (queue, subscriber, settlement) => {
        const given = settledBy<string>(subscriber, settlement, upTo => queue.splice(0, queue.indexOf(upTo) + 1));
        for (const value of [...queue]) given(value, () => subscriber.next(value));
        given.complete();
        return () => void (queue.length = 0);
      }),
    );
    expect(broken).toEqual(expect.arrayContaining([AGAIN, KILLED, ENDED]));
  });

  test('never acknowledges', async () => {
    const broken = await brokenBy(values =>
      queueOf(values, (queue, subscriber, settlement) => {
        const given = settledBy<string>(subscriber, settlement, () => undefined);
        for (const value of [...queue]) given(value, () => subscriber.next(value));
        given.complete();
      }),
    );
    expect(broken).toEqual(expect.arrayContaining([EARLY, AGAIN, KILLED]));
  });
});
