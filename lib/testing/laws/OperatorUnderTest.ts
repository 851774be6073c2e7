import type { Observable, OperatorFunction } from 'rxjs';

/**
 * What the laws need to know about an operator.
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export interface OperatorSupport<T, R> {
  /** The nth input, from 0, which the operator must let through. */
  readonly input: (n: number) => T;
  /** What the operator emits for these inputs followed by completion. Default: the inputs themselves. */
  readonly output?: (inputs: readonly T[]) => readonly R[];
  /** Whether it may drop values: its output is then a part of `output`, in order. Default `false`. */
  readonly lossy?: boolean;
  /**
   * How many inputs the law about synchronous streams uses. Default 20,000: a recursive operator overflows the stack
   * well before.
   */
  readonly firehose?: number;
  /** The operator with another stream beside its source, by the name of that stream, such as `hold$`. Default: none. */
  readonly notifiers?: Readonly<Record<string, (notifier$: Observable<boolean>) => OperatorFunction<T, R>>>;
}

/** Your test runner's function that defines a test: `test` or `it`. */
export type TestFunction = (name: string, body: () => void) => unknown;

/**
 * An operator, and how to create it.
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export interface OperatorUnderTest<T, R> {
  /** Your test runner's function that defines a test. */
  readonly test: TestFunction;
  /** Creates the operator; called once per law. */
  readonly factory: () => OperatorFunction<T, R>;
  /** What goes in, and what must come out. */
  readonly supports: OperatorSupport<T, R>;
}
