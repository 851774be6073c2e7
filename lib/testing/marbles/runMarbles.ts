import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { aFunction, checkOption, needed } from '../../flow/contract/options.js';
import { probeHelpers } from '../probes/probeHelpers.js';
import { expectationsOf } from './Expectations.js';
import { expectValueIn } from './expectValue.js';
import { levelIn } from './level.js';
import type { MarbleHelpers } from './MarbleHelpers.js';
import { marbleRun } from './MarbleRun.js';
import { pausableHelpers } from './pausableCold.js';
import { promisedIn } from './promised.js';
import { rxExpectations } from './rxExpectations.js';
import { errorIn, withError } from './TestMessage.js';

/**
 * Runs a marble test in virtual time, and fails with readable diagrams.
 *
 * It uses RxJS's `TestScheduler.run`: one frame is one virtual millisecond, and operators such as `timer` and `delay` need no
 * scheduler. A failure is a `MarbleMismatchError`, which works with any test runner. It shows each failed expectation as two
 * aligned diagrams, with a caret under the first difference and the values in words. The stack begins at the line of the first
 * failed expectation. An `expectObservable(…)` without `toBe` or `toEqual` fails, because it asserts nothing.
 *
 * Virtual time ends when this call returns. Promises do not run in virtual time, so a test that returns one fails with a
 * `TypeError`. Throws `OptionError` unless `test` is a function.
 *
 * @param test - The test, a synchronous function. It receives the helpers.
 * @example
 * ```ts
 * runMarbles(({ pausableCold, expectObservable, expectPauses }) => {
 *   const source = pausableCold('ab-c|');
 *   const stored$ = backpressure(source, {
 *     required: true,
 *     highWaterMark: 2,
 *     project: value => timer(3).pipe(map(() => value)),
 *   });
 *   expectObservable(stored$).toBe('---a--b--(c|)');
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/testing/runMarbles.md
 */
export const runMarbles = (test: (helpers: MarbleHelpers) => void): void => {
  checkOption('test', test, needed(aFunction));
  const body: (helpers: MarbleHelpers) => unknown = test;
  const expectations = expectationsOf();
  const rx = rxExpectations(expectations);
  const scheduler = new TestScheduler(rx.assertDeepEqual);
  // There must be exactly one frame of this library on either side of RxJS's `run`: `callSite` removes them from the stack.
  scheduler.run((helpers: RunHelpers): void => {
    const run = marbleRun(scheduler, expectations);
    const result = body({
      ...helpers,
      ...withErrors(helpers),
      ...rx.wrap(helpers),
      ...pausableHelpers(run),
      ...probeHelpers(run),
      level: levelIn(run),
      promised: promisedIn(run),
      expectValue: expectValueIn(run),
      flush: () => {
        helpers.flush();
        expectations.settle();
      },
    });
    if (isThenable(result)) throw promiseReturned(result);
  });
  expectations.finish();
};

/** Versions of `cold` and `hot` that can error with a falsy value. RxJS's own cannot. */
const withErrors = ({ cold, hot }: RunHelpers): Pick<RunHelpers, 'cold' | 'hot'> => ({
  cold: (...args) => {
    const cold$ = cold(...args);
    withError(cold$.messages, errorIn(args, 2));
    return cold$;
  },
  hot: (...args) => {
    const hot$ = hot(...args);
    withError(hot$.messages, errorIn(args, 2));
    return hot$;
  },
});

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as Partial<PromiseLike<unknown>> | undefined)?.then === 'function';

const promiseReturned = (promise: PromiseLike<unknown>): Error => {
  // The TypeError is the report. A rejection of the promise must not end the process as well.
  promise.then(undefined, () => undefined);
  return new TypeError(
    'runMarbles: the test returned a Promise. Promises do not run in virtual time: see docs/testing/guide.md',
  );
};
