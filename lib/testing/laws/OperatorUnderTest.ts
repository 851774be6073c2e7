import type { Observable, OperatorFunction } from 'rxjs';

/**
 * What the laws need to know about an operator.
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export interface OperatorSupport<T, R> {
  /** Returns the nth input, from 0. The operator must not filter it out. */
  readonly input: (n: number) => T;
  /** Returns what the operator emits for these inputs followed by completion. Default: the inputs themselves. */
  readonly output?: (inputs: readonly T[]) => readonly R[];
  /** Whether the operator may drop values. Its output must then be a subsequence of `output`. Default `false`. */
  readonly lossy?: boolean;
  /** The number of inputs of a synchronous stream. Default 20,000, with which a recursive operator overflows the stack. */
  readonly firehose?: number;
  /** Creates the operator with a notifier, by the name of the notifier, such as `hold$`. Default: none. */
  readonly notifiers?: Readonly<Record<string, (notifier$: Observable<boolean>) => OperatorFunction<T, R>>>;
}

/** The function of your test runner that defines a test: `test` or `it`. */
export type TestFunction = (name: string, body: () => void) => unknown;

/**
 * An operator, and how to create it.
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export interface OperatorUnderTest<T, R> {
  /** The function of your test runner that defines a test. */
  readonly test: TestFunction;
  /** Creates the operator. Called once per law. */
  readonly factory: () => OperatorFunction<T, R>;
  /** The inputs, and the expected outputs. */
  readonly supports: OperatorSupport<T, R>;
}
