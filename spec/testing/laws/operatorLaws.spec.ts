import { describe, expect, test } from '@jest/globals';
import {
  catchError,
  concatMap,
  concatWith,
  delay,
  EMPTY,
  endWith,
  filter,
  identity,
  ignoreElements,
  merge,
  NEVER,
  Observable,
  of,
  takeUntil,
  timeout,
  type OperatorFunction,
} from 'rxjs';
import { operatorLaws, type OperatorSupport } from 'rx-event-broker/testing';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';

type Operator = OperatorFunction<number, number>;

/** The laws that an operator breaks, and the words of the last error. */
const verdict = (factory: () => Operator, supports: Partial<OperatorSupport<number, number>> = {}) => {
  const broken: string[] = [];
  let words = '';
  operatorLaws({
    factory,
    supports: { input: n => n, ...supports },
    test: (name, body) => {
      try {
        body();
      } catch (error) {
        broken.push(name);
        words = (error as Error).message;
      }
    },
  });
  return { broken, words };
};
const brokenBy = (...of: Parameters<typeof verdict>): readonly string[] => verdict(...of).broken;

const EMPTY_LAW = 'an empty source gives an empty result';
const SILENT = 'a silent source gives a silent result';
const COMPLETION = 'all outputs come, then completion';
const ERROR = 'an error goes through';
const AFTER = 'nothing comes after the end';
const ONCE = 'the source is subscribed once, and released';
const EARLY = 'unsubscribing early releases the source';
const REUSE = 'each subscription has a state of its own';
const REENTRANCE = 'an input sent from inside an output comes through, in order';
const FIREHOSE = 'a synchronous firehose comes through';
const LEAVING = 'a synchronous firehose can be unsubscribed';

describe('O3 operatorLaws', () => {
  test('O3 RxJS’s own operators keep them', () => {
    expect(brokenBy(() => identity)).toEqual([]);
    expect(brokenBy(() => delay(1), { firehose: 1000 })).toEqual([]);
    expect(brokenBy(() => filter(n => n % 2 === 0), { output: all => all.filter(n => n % 2 === 0) })).toEqual([]);
  });

  test('O3 an unexpected output', () => {
    const { broken, words } = verdict(() => filter(n => n !== 3));
    expect(broken).toEqual([COMPLETION, REUSE, REENTRANCE, FIREHOSE]);
    expect(words).toBe(`the output: expected 3, found 4, first at [3] (${ERRORS_PAGE}#lawbrokenerror)`);
    expect(brokenBy(() => filter(n => n !== 3), { lossy: true })).toEqual([]);
    expect(brokenBy(() => filter(() => false), { lossy: true })).toContain(COMPLETION);
  });

  test('O3 an output without an input', () => {
    expect(brokenBy(() => endWith(7), { output: inputs => [...inputs, 7] })).toEqual([EMPTY_LAW]);
  });

  test('O3 it ends by itself', () => {
    expect(brokenBy(() => timeout({ first: 5 }))).toEqual([SILENT]);
  });

  test('O3 it does not end', () => {
    expect(brokenBy(() => concatWith(NEVER))).toEqual([EMPTY_LAW, COMPLETION, REUSE, REENTRANCE, FIREHOSE]);
  });

  test('O3 it hides an error, or changes it', () => {
    expect(brokenBy(() => catchError(() => EMPTY))).toEqual([ERROR]);
    expect(
      brokenBy(() =>
        catchError((error: unknown) => {
          throw Object.assign(new Error('of the source'), { copy: error === undefined });
        }),
      ),
    ).toEqual([ERROR]);
  });

  test('O3 it continues after an error', () => {
    const goesOn: Operator = source =>
      new Observable(subscriber => {
        source.subscribe({
          next: value => subscriber.next(value),
          error: error => {
            subscriber.error(error);
            // eslint-disable-next-line rxjs-x/no-redundant-notify -- that is what it does wrong
            subscriber.next(0);
          },
          complete: () => subscriber.complete(),
        });
      });
    expect(brokenBy(() => goesOn)).toContain(AFTER);
  });

  test('O3 it subscribes before it is subscribed to, or twice', () => {
    const eager: Operator = source => {
      source.subscribe({ error: () => undefined });
      return source;
    };
    expect(brokenBy(() => eager)).toEqual([ONCE, EARLY]);
    expect(brokenBy(() => source => merge(source, source.pipe(ignoreElements())))).toContain(ONCE);
  });

  test('O3 it keeps its source after an unsubscribe', () => {
    const leaky: Operator = source =>
      new Observable(subscriber => {
        source.subscribe({
          next: value => subscriber.next(value),
          error: error => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
      });
    expect(brokenBy(() => leaky)).toEqual([ONCE, EARLY, LEAVING]);
  });

  test('O3 it unsubscribes too late from a source that emits within subscribe', () => {
    const late: Operator = source =>
      new Observable(subscriber =>
        source.subscribe({
          next: value => subscriber.next(value),
          error: error => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    expect(brokenBy(() => late)).toEqual([LEAVING]);
  });

  test('O3 its subscriptions share state', () => {
    const shared = (): Operator => {
      let last = -1;
      return filter(n => {
        const fresh = n > last;
        last = n;
        return fresh;
      });
    };
    expect(brokenBy(shared)).toEqual([REUSE]);
  });

  test('O3 it ignores inputs that are sent from inside an output', () => {
    const deaf: Operator = source =>
      new Observable(subscriber => {
        let busy = false;
        const hears = filter<number>(() => !busy);
        hears(source).subscribe({
          next: value => {
            busy = true;
            subscriber.next(value);
            busy = false;
          },
          error: error => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
      });
    expect(brokenBy(() => deaf)).toContain(REENTRANCE);
  });

  test('O3 it drains by recursion: concatMap, after one that waits', () => {
    expect(brokenBy(() => concatMap(n => (n === 0 ? of(n).pipe(delay(1)) : of(n))))).toEqual([FIREHOSE]);
  });

  test('O3 notifiers: subscribed to before the source, once, released, and their errors are the result’s', () => {
    const law = 'until$ is subscribed before the source, and released with it';
    expect(brokenBy(() => identity, { notifiers: { until$: until$ => takeUntil(until$) } })).toEqual([]);
    const after =
      (until$: Observable<boolean>): Operator =>
      source =>
        merge(source, until$.pipe(ignoreElements()));
    expect(brokenBy(() => identity, { notifiers: { until$: after } })).toEqual([law]);
    const hidden = (until$: Observable<boolean>): Operator => takeUntil(until$.pipe(catchError(() => NEVER)));
    expect(brokenBy(() => identity, { notifiers: { until$: hidden } })).toEqual([law]);
  });

  test('O3 the operator is created again for each law', () => {
    let made = 0;
    operatorLaws({
      factory: () => {
        made++;
        return identity<Observable<number>>;
      },
      supports: { input: n => n, firehose: 10 },
      test: (_, body) => {
        body();
      },
    });
    expect(made).toBe(11);
  });
});
