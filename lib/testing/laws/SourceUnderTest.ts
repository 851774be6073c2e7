import type { Pausable } from '../../flow/Pausable.js';

/** What the contract needs to know of a source. */
export interface SourceSupport<T> {
  /** What it emits when nobody pauses it, before it completes: the same for each subscription, at least three values. */
  readonly values: readonly T[];
  /** Whether two may read it at a time. Default: true. */
  readonly parallel?: boolean;
}

/** A test framework's own `test` or `it`. */
export type AsyncTestFunction = (name: string, body: () => Promise<void>) => unknown;

/** A source that its consumer can pause, and how to make it: once a clause. */
export interface SourceUnderTest<T> {
  readonly test: AsyncTestFunction;
  readonly factory: () => Pausable<T> | Promise<Pausable<T>>;
  readonly supports: SourceSupport<T>;
}
