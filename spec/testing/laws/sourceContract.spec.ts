import { describe, expect, test } from '@jest/globals';
import {
  asyncScheduler,
  catchError,
  concat,
  defer,
  endWith,
  filter,
  from,
  ignoreElements,
  Observable,
  observeOn,
  of,
  ReplaySubject,
  take,
  takeUntil,
  tap,
  throwError,
} from 'rxjs';
import type { OpenedSource } from '../../../lib/flow/contract/Pausable.js';
import { fromPull } from '../../../lib/flow/pull/fromPull.js';
import { sourceContract } from 'rx-event-broker/testing';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';
import { clausesBrokenBy } from './clausesBrokenBy.js';

const VALUES = [1, 2, 3, 4];

/** The clauses that a source breaks. */
const brokenBy = (factory: () => OpenedSource<number>): Promise<readonly string[]> =>
  clausesBrokenBy(test => sourceContract({ factory, supports: { values: VALUES }, test }));

const good: OpenedSource<number> = pause$ => fromPull(() => VALUES, { pause$ });

const WHOLE = 'it emits its values and completes';
const AGAIN = 'it can be subscribed again';
const PARALLEL = 'two consumers may read it at a time';
const PAUSED_FIRST = 'paused from the start, it emits nothing';
const PAUSED = 'it emits nothing while it is paused';
const TOGGLED = 'a pause that comes and goes inside a value loses nothing';
const STAYS = 'a pause that completes stays as it was';
const FAILS = 'an error of the pause is its error';
const LEFT = 'unsubscribing inside a value ends it';
const LISTENS = 'it listens to pause$ once, before its first value, and releases it';

describe('B12 sourceContract: each clause is broken by a source that breaks it', () => {
  test('B12 fromPull keeps it, for iterables and async iterables', async () => {
    expect(await brokenBy(() => good)).toEqual([]);
    expect(
      await brokenBy(
        () => pause$ =>
          fromPull(
            async function* () {
              yield* VALUES;
            },
            { pause$ },
          ),
      ),
    ).toEqual([]);
  });

  test('B12 a source that cannot be paused', async () => {
    expect(await brokenBy(() => () => from(VALUES))).toEqual([PAUSED_FIRST, PAUSED, STAYS, FAILS, LEFT, LISTENS]);
  });

  test('B12 other values', async () => {
    expect(await brokenBy(() => pause$ => good(pause$).pipe(filter(n => n !== 2)))).toContain(WHOLE);
  });

  test('B12 a source that is used up', async () => {
    const used = (): OpenedSource<number> => {
      const values = VALUES.values();
      return pause$ => fromPull(() => values, { pause$ });
    };
    expect(await brokenBy(used)).toEqual([AGAIN, STAYS, PARALLEL]);
  });

  test('B12 an operator that holds values after a pausable source', async () => {
    expect(await brokenBy(() => pause$ => good(pause$).pipe(observeOn(asyncScheduler)))).toEqual([PAUSED, STAYS]);
  });

  test('B12 a source that emits an additional value when a pause ends', async () => {
    const talks: OpenedSource<number> = pause$ =>
      new Observable(subscriber => {
        const pauses = { before: false, told: false };
        const tell = (level: boolean): void => {
          const ended = pauses.before && !level && !pauses.told;
          pauses.before = level;
          pauses.told ||= ended;
          if (ended) subscriber.next(99);
        };
        good(pause$.pipe(tap(tell))).subscribe(subscriber);
      });
    expect(await brokenBy(() => talks)).toEqual(expect.arrayContaining([PAUSED_FIRST, TOGGLED]));
  });

  test('B12 a source that keeps listening to pause$', async () => {
    const keeps: OpenedSource<number> = pause$ => {
      const level$ = new ReplaySubject<boolean>(1);
      return defer(() => {
        pause$.subscribe(level$);
        return good(level$);
      });
    };
    expect(await brokenBy(() => keeps)).toEqual(expect.arrayContaining([LEFT, LISTENS]));
  });

  test('B12 a source that completes with pause$, and one that hides its failure', async () => {
    expect(
      await brokenBy(() => pause$ => good(pause$).pipe(takeUntil(pause$.pipe(ignoreElements(), endWith(true))))),
    ).toContain(STAYS);
    expect(await brokenBy(() => pause$ => good(pause$.pipe(catchError(() => of(false)))))).toEqual([FAILS]);
  });

  test('B12 the error says what was expected: for a source that fails, with its error; for one that emits too much, nothing', async () => {
    const failure = new Error('disk gone');
    const first = async (source: OpenedSource<number | undefined>): Promise<Error> => {
      const bodies: (() => Promise<void>)[] = [];
      const values = [...VALUES];
      sourceContract({ factory: () => source, supports: { values }, test: (_, body) => bodies.push(body) });
      values.length = 0;
      return (await bodies[0]?.().catch((error: unknown) => error)) as Error;
    };
    const fails = await first(pause$ =>
      concat(
        good(pause$).pipe(take(2)),
        throwError(() => failure),
      ),
    );
    expect(fails.message).toBe(`values: expected [1,2,3,4], found Error: disk gone (${ERRORS_PAGE}#lawbrokenerror)`);
    expect(fails.cause).toBe(failure);
    const message = async (source: OpenedSource<number | undefined>) => (await first(source)).message;
    expect(await message(pause$ => good(pause$).pipe(endWith(undefined)))).toMatch(
      /^values: expected nothing, found undefined, first at \[4\]/,
    );
    expect(await message(pause$ => good(pause$).pipe(take(3)))).toMatch(
      /^values: expected 4, found nothing, first at \[3\]/,
    );
    expect(await first(good)).toBe(undefined);
  });
});
