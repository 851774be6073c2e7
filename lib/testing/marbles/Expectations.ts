import { placeOf, type CallSite } from './callSite.js';
import type { Explanation } from './explainDifference.js';
import { MarbleMismatchError } from './MarbleMismatchError.js';

/** One call of an `expect…` helper. */
export interface Expectation {
  /** The helper's name. */
  readonly helper: string;
  readonly calls: CallSite;
  /** Explains the difference, if there is one. Absent until `toBe` was called. */
  check?: () => Explanation | undefined;
}

/** The open expectations of a test. They are checked when virtual time has been flushed. */
export interface Expectations {
  /** Adds an expectation and returns it. `toBe` sets its `check`. */
  readonly add: <E extends Expectation>(expectation: E) => E;
  /** Checks and removes the expectations that have a `check`. Throws one error about all failures. */
  readonly settle: () => void;
  /** Like `settle`, but an expectation without `toBe` also fails. */
  readonly finish: () => void;
}

interface Failure {
  readonly expectation: Expectation;
  readonly explanation: Explanation;
}

export const expectationsOf = (): Expectations => {
  let open: readonly Expectation[] = [];

  const settle = (unsaid: readonly Failure[]): void => {
    const failures = open.flatMap(expectation => {
      const explanation = expectation.check?.();
      return explanation === undefined ? [] : [{ expectation, explanation }];
    });
    const checked = open.filter(({ check }) => check !== undefined).length;
    open = open.filter(({ check }) => check === undefined);
    report([...failures, ...unsaid], checked + unsaid.length);
  };

  return {
    add: expectation => {
      open = [...open, expectation];
      return expectation;
    },
    settle: () => settle([]),
    finish: () => settle(open.filter(({ check }) => check === undefined).map(assertsNothing)),
  };
};

const assertsNothing = (expectation: Expectation): Failure => ({
  expectation,
  explanation: {
    headline: 'asserts nothing',
    expected: `${expectation.helper}(…).toBe(…)`,
    actual: `${expectation.helper}(…)`,
    picture: '  Say what is expected with toBe(…).',
    cause: undefined,
  },
});

/** Throws one error for all failures. It has the stack of the first failure, and its message has the lines of the others. */
const report = (failures: readonly Failure[], of: number): void => {
  const [first, ...others] = failures;
  if (first === undefined) return;
  const calls = first.expectation.calls();
  const title = ({ expectation, explanation }: Failure): string => `${expectation.helper}: ${explanation.headline}`;
  const message =
    others.length === 0
      ? [title(first), '', first.explanation.picture]
      : [
          `${failures.length} of ${of} expectations differ from their marbles`,
          ...failures.flatMap((failure, i) => [
            '',
            `${i + 1}. ${title(failure)}, ${placeOf(failure.expectation.calls())}`,
            '',
            failure.explanation.picture,
          ]),
        ];
  const both = (side: 'expected' | 'actual'): string => failures.map(f => f.explanation[side]).join('\n');
  throw new MarbleMismatchError(
    { message: message.join('\n'), expected: both('expected'), actual: both('actual'), calls },
    first.explanation.cause,
  );
};
