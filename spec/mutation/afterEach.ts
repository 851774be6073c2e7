import { afterEach, beforeEach, expect, jest } from '@jest/globals';
import fc from 'fast-check';
import { config } from 'rxjs';
import { mutants } from './mutants.js';

/**
 * RxJS throws what nobody handles on a timer, and Node tells of a rejection later: a test that is over does not see it. Here the
 * test that left it fails.
 */
const unhandled: unknown[] = [];
/** A test may have left fake timers behind. */
const { setImmediate: soon, setTimeout: later } = globalThis;
const note = (error: unknown): void => void unhandled.push(error);
process.on('unhandledRejection', note);

// Nobody reads where a mutant failed, and jest would make a stack for each expectation.
Error.stackTraceLimit = 0;

// A mutant meets the same values as any other, and how it was found is not of interest.
fc.configureGlobal({ numRuns: 40, seed: 1, endOnFailure: true });

beforeEach(function (this: { currentTest: { fullTitle(): string } }) {
  mutants.begin();
  config.onUnhandledError = note;
  expect.setState({ assertionCalls: 0, currentTestName: this.currentTest.fullTitle() });
} as () => void);

// The next test runs in the same process, and finds it as it was.
afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  await new Promise(resolve => soon(resolve));
  if (process.getActiveResourcesInfo().includes('Timeout')) await new Promise(resolve => later(resolve));
  const [error] = unhandled.splice(0);
  const [wrongCount] = expect.extractExpectedAssertionsErrors();
  if (wrongCount !== undefined) throw wrongCount.error;
  // the model has observers that throw on purpose
  const isModel = expect.getState().currentTestName?.startsWith('model/') === true;
  if (error !== undefined && !isModel) throw error as Error;
});
