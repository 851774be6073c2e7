import { runMarbles, type MarbleHelpers } from 'rx-event-broker/testing';

export interface Failure extends Error {
  readonly expected: string;
  readonly actual: string;
}

/** The error that a marble test fails with. */
export const failureOf = (test: (helpers: MarbleHelpers) => void): Failure => {
  try {
    runMarbles(test);
  } catch (error) {
    return error as Failure;
  }
  throw new Error('expected a test that fails, found one that passes');
};
