import type { Pausable } from '../../flow/contract/Pausable.js';

/**
 * What the contract needs to know about a source.
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export interface SourceSupport<T> {
  /** The values that each subscription emits before completion. At least three. */
  readonly values: readonly T[];
  /** Whether two consumers may read the source at the same time. Default `true`. */
  readonly parallel?: boolean;
}

/** The function of your test runner that defines an asynchronous test: `test` or `it`. */
export type AsyncTestFunction = (name: string, body: () => Promise<void>) => unknown;

/**
 * A source that can be paused, and how to create it.
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export interface SourceUnderTest<T> {
  /** The function of your test runner that defines a test. */
  readonly test: AsyncTestFunction;
  /** Creates the source. Called once per test. */
  readonly factory: () => Pausable<T> | Promise<Pausable<T>>;
  /** The values of the source, and how it may be used. */
  readonly supports: SourceSupport<T>;
}
