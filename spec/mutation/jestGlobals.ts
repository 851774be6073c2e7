import { equals, iterableEquality } from '@jest/expect-utils';
import { ModernFakeTimers } from '@jest/fake-timers';
import { expect as jestExpect } from 'expect';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';

/** What the specs import from `@jest/globals`, in mocha. */

type Body = () => unknown;
type Block = (title: string, body: Body) => { fullTitle(): string; file?: string | undefined };
type Hook = (body: Body) => unknown;
const mocha = globalThis as unknown as Record<'describe' | 'it', Block> &
  Record<'before' | 'after' | 'beforeEach' | 'afterEach', Hook>;

const { setInterval: every, clearInterval: noLonger } = globalThis;

/** A test that does nothing for a second waits for what a mutant has removed. No test waits that long. */
const settled = (work: PromiseLike<unknown>): Promise<unknown> => {
  let watch: NodeJS.Timeout | undefined;
  const stuck = new Promise((_, reject) => {
    let idle = 0;
    let before = process.cpuUsage();
    watch = every(() => {
      const { user, system } = process.cpuUsage(before);
      before = process.cpuUsage();
      idle = user + system < 2000 ? idle + 1 : 0;
      if (idle === 20) reject(new Error('it waits for nothing'));
    }, 50);
  });
  return Promise.race([work, stuck]).finally(() => noLonger(watch));
};
const isThenable = (result: unknown): result is PromiseLike<unknown> =>
  typeof (result as PromiseLike<unknown> | undefined)?.then === 'function';

// Mocha would hand a callback to a function with a parameter, and would wait for what a `describe` returns.
const test = (title: string, body: Body) => {
  const made = mocha.it(title, () => {
    const result = body();
    return isThenable(result) ? settled(result) : undefined;
  });
  // mocha puts it together several times a run
  const whole = made.fullTitle();
  made.fullTitle = () => whole;
  // Stryker would take any change in the bundle for one of all tests
  made.file = undefined;
};
const describe = (title: string, body: Body) => mocha.describe(title, () => void body());

/**
 * A spec in a block of its own: what it does before and after each of its tests is not for those of others. A mutant may keep it
 * from being loaded, which is a test that fails.
 */
export const load = (name: string, spec: Body): void => {
  describe(name, () => {
    try {
      spec();
    } catch (error) {
      test('is loaded', () => {
        throw error;
      });
    }
  });
};
test.each = bind(test as never);
describe.each = bind(describe as never, false);

/** Jest makes all its matchers at each call, which takes a third of the time. Here, what is as expected is known before. */
class Expectation {
  constructor(readonly actual: unknown) {}

  toBe(expected: unknown): void {
    if (Object.is(this.actual, expected)) isAsExpected();
    else jestExpect(this.actual).toBe(expected);
  }

  toEqual(expected: unknown): void {
    if (equals(this.actual, expected, [iterableEquality])) isAsExpected();
    else jestExpect(this.actual).toEqual(expected);
  }
}
const isAsExpected = (): void => jestExpect.setState({ assertionCalls: jestExpect.getState().assertionCalls + 1 });
for (const name of Object.keys(jestExpect(undefined)).filter(key => !(key in Expectation.prototype)))
  Object.defineProperty(Expectation.prototype, name, {
    get(this: Expectation) {
      return jestExpect(this.actual)[name as 'not'];
    },
  });
const expect = Object.assign((actual: unknown) => new Expectation(actual), jestExpect);

const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({
  config: { fakeTimers: {}, rootDir: '' } as never,
  global: globalThis,
});
const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  replaceProperty: mocker.replaceProperty.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
  useFakeTimers: (options: object) => timers.useFakeTimers(options),
  useRealTimers: () => timers.useRealTimers(),
  setSystemTime: (now: number) => timers.setSystemTime(now),
  advanceTimersByTime: (ms: number) => timers.advanceTimersByTime(ms),
  getTimerCount: () => timers.getTimerCount(),
};

const { before: beforeAll, after: afterAll, beforeEach, afterEach } = mocha;
export { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test };
