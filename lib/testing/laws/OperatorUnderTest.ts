import type { Observable, OperatorFunction } from 'rxjs';

/** What the laws need to know of an operator. */
export interface OperatorSupport<T, R> {
  /** The nth input, from 0: a stream that the operator lets through. */
  readonly input: (n: number) => T;
  /** What it makes of inputs that are followed by completion. Default: the inputs themselves. */
  readonly output?: (inputs: readonly T[]) => readonly R[];
  /** It may drop: then its output is only part of `output`, in order. Default: false. */
  readonly lossy?: boolean;
  /** Inputs of the law about synchronous streams. Default 20,000: recursion overflows the stack well before. */
  readonly firehose?: number;
  /** The operator with another stream beside its source, by the name of that stream, such as `hold$`. Default: none. */
  readonly notifiers?: Readonly<Record<string, (notifier$: Observable<boolean>) => OperatorFunction<T, R>>>;
}

/** A test framework's own `test` or `it`. */
export type TestFunction = (name: string, body: () => void) => unknown;

/** An operator, and how to make it: once a law. */
export interface OperatorUnderTest<T, R> {
  readonly test: TestFunction;
  readonly factory: () => OperatorFunction<T, R>;
  readonly supports: OperatorSupport<T, R>;
}
