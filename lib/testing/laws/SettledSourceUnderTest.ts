import type { Pausable } from '../../flow/contract/Pausable.js';
import type { AsyncTestFunction } from './SourceUnderTest.js';

/**
 * A source that acknowledges, with the queue, table or folder that it reads from.
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface SettledBacking<T> {
  /** The source. It is opened several times, as after a restart. */
  readonly source: Pausable<T>;
  /** Returns the values that are not acknowledged, in order. A restart would emit them. */
  readonly left: () => readonly T[] | Promise<readonly T[]>;
  /** Abandons open subscriptions without releasing anything, as a crash of the process would. Default: they are unsubscribed. */
  readonly kill?: () => void | Promise<void>;
}

/**
 * A source that acknowledges, and how to create it.
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export interface SettledSourceUnderTest<T> {
  /** The function of your test runner that defines a test. */
  readonly test: AsyncTestFunction;
  /** Creates a backing that holds exactly these values. Called once per test. */
  readonly factory: (values: readonly T[]) => SettledBacking<T> | Promise<SettledBacking<T>>;
  /** The test values, and the behaviour of the source. */
  readonly supports: {
    /** The test values: at least three different ones. */
    readonly values: readonly T[];
    /** Whether the source completes when all values are settled. Default `true`. */
    readonly completes?: boolean;
    /** Whether the source errors with `NotSettledError` without a settlement. Default `true`. */
    readonly needsSettlement?: boolean;
    /** The time limit for a value, an acknowledgement or the end, in ms. Default 5000. */
    readonly patience?: number;
  };
}
