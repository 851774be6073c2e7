import type { Pausable } from '../../flow/contract/Pausable.js';

/**
 * What the contract needs to know about a source.
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export interface SourceSupport<T> {
  /** What it emits before it completes, if it is not paused: the same for each subscription, at least three values. */
  readonly values: readonly T[];
  /** Whether two consumers may read it at the same time. Default `true`. */
  readonly parallel?: boolean;
}

/** Your test runner's function that defines an asynchronous test: `test` or `it`. */
export type AsyncTestFunction = (name: string, body: () => Promise<void>) => unknown;

/**
 * A source that can be paused, and how to create it.
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export interface SourceUnderTest<T> {
  /** Your test runner's function that defines a test. */
  readonly test: AsyncTestFunction;
  /** Creates the source; called once per test. */
  readonly factory: () => Pausable<T> | Promise<Pausable<T>>;
  /** What the source emits, and what it allows. */
  readonly supports: SourceSupport<T>;
}
