import { ModernFakeTimers } from '@jest/fake-timers';
import { expect } from 'expect';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';

/** What the specs import from `@jest/globals`, in mocha. */

type Body = () => unknown;
type Block = (title: string, body: Body) => unknown;
type Hook = (body: Body) => unknown;
const mocha = globalThis as unknown as Record<'describe' | 'it', Block> &
  Record<'before' | 'after' | 'beforeEach' | 'afterEach', Hook>;

/** What keeps Node running while no test waits: the pipes to Stryker. */
const alwaysActive = process.getActiveResourcesInfo().length;
const { setInterval: every, clearInterval: noLonger } = globalThis;

/** A Promise that nothing can settle any more, for there is neither a timer nor a file, would wait for ever. Here it fails. */
const settled = (work: PromiseLike<unknown>): Promise<unknown> => {
  let watch: NodeJS.Timeout | undefined;
  const stuck = new Promise((_, reject) => {
    watch = every(() => {
      if (process.getActiveResourcesInfo().length <= alwaysActive) reject(new Error('it waits for nothing'));
    }, 50).unref();
  });
  return Promise.race([work, stuck]).finally(() => noLonger(watch));
};
const isThenable = (result: unknown): result is PromiseLike<unknown> =>
  typeof (result as PromiseLike<unknown> | undefined)?.then === 'function';

// Mocha would hand a callback to a function with a parameter, and would wait for what a `describe` returns.
const test = (title: string, body: Body) =>
  mocha.it(title, () => {
    const result = body();
    return isThenable(result) ? settled(result) : undefined;
  });
const describe = (title: string, body: Body) => mocha.describe(title, () => void body());
test.each = bind(test as never);
describe.each = bind(describe as never, false);

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
