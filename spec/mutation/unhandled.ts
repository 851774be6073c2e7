import { afterEach, expect } from '@jest/globals';
import { config } from 'rxjs';

/**
 * RxJS throws what nobody handles on a timer: a test that is over does not see it, and the process ends, which takes
 * seconds. Here the test that left it fails.
 */
const unhandled: unknown[] = [];
/** A test may have left fake timers behind. */
const { setTimeout: later } = globalThis;
config.onUnhandledError = error => unhandled.push(error);

afterEach(async () => {
  await new Promise(resolve => later(resolve));
  const [error] = unhandled.splice(0);
  // the model has observers that throw on purpose
  const isModel = expect.getState().currentTestName?.includes('beside its model') === true;
  if (error !== undefined && !isModel) throw error as Error;
});
