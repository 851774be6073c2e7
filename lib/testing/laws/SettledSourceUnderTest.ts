import type { Pausable } from '../../flow/contract/Pausable.js';
import type { AsyncTestFunction } from './SourceUnderTest.js';

/**
 * What a source that acknowledges reads from: a queue, a table, a folder.
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface SettledBacking<T> {
  /** The source. It is opened several times, as after a restart. */
  readonly source: Pausable<T>;
  /** What is not acknowledged, in order: what a restart would emit. */
  readonly left: () => readonly T[] | Promise<readonly T[]>;
  /** Abandons what is open, as the end of its process would: nothing is released. Default: it is unsubscribed. */
  readonly kill?: () => void | Promise<void>;
}

/**
 * A source that acknowledges, and how to create it.
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface SettledSourceUnderTest<T> {
  /** Your test runner's function that defines a test. */
  readonly test: AsyncTestFunction;
  /** Creates a backing that holds these values, and nothing else; called once per test. */
  readonly factory: (values: readonly T[]) => SettledBacking<T> | Promise<SettledBacking<T>>;
  /** What the tests put in, and what the source does. */
  readonly supports: {
    /** At least three different values. */
    readonly values: readonly T[];
    /** Whether it completes when everything is settled. Default `true`. */
    readonly completes?: boolean;
    /** Whether it errors with `NotSettledError` if it is given no settlement. Default `true`. */
    readonly needsSettlement?: boolean;
    /** How long a value, an acknowledgement or the end may take, in ms. Default 5000. */
    readonly patience?: number;
  };
}
