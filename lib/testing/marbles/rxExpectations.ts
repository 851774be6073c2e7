import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { callSite } from './callSite.js';
import type { Expectation, Expectations } from './Expectations.js';
import { explainDifference, type DiagramRow } from './explainDifference.js';
import { nextAt, type TestMessage, errorIn, withError, type SubscriptionTimes } from './TestMessage.js';

interface RxExpectation extends Expectation {
  explain?: (actual: unknown, expected: unknown) => ReturnType<NonNullable<Expectation['check']>>;
}

/** RxJS's expectations, with readable failures. */
export interface RxExpectationHelpers {
  /** Expects what an Observable emits, like RxJS's helper of the same name. */
  readonly expectObservable: RunHelpers['expectObservable'];
  /** Expects when a source was subscribed. Takes the `subscriptions` of `cold`, `hot` and `pausableCold`. */
  readonly expectSubscriptions: (subscriptions: readonly SubscriptionTimes[]) => {
    /** Takes the expected diagram, or an array with one per subscription. */
    readonly toBe: (marbles: string | string[]) => void;
  };
}

/** RxJS's expectations. Its scheduler records and parses them, and this library compares and explains them. */
export interface RxExpectations {
  /** Called by the scheduler for each expectation with a `toBe` or `toEqual`, in the order of those calls. */
  readonly assertDeepEqual: (actual: unknown, expected: unknown) => void;
  readonly wrap: (helpers: RunHelpers) => RxExpectationHelpers;
}

export const rxExpectations = (expectations: Expectations): RxExpectations => {
  const said: RxExpectation[] = [];

  return {
    assertDeepEqual: (actual, expected) => {
      const next = said.findIndex(({ explain }) => explain !== undefined);
      const [expectation] = said.splice(next, 1);
      if (expectation !== undefined) expectation.check = () => expectation.explain?.(actual, expected);
    },

    wrap: helpers => {
      const expectObservable: RunHelpers['expectObservable'] = (actual$, subscription) => {
        const expectation = expect('expectObservable', callSite(expectObservable));
        const recorded = helpers.expectObservable(actual$, subscription);
        return {
          toBe: (...args: [marbles: string, values?: unknown, error?: unknown]) => {
            const [marbles, values] = args;
            recorded.toBe(marbles, values);
            const letters = TestScheduler.parseMarbles(marbles, undefined, undefined, false, true).map(letterOf);
            expectation.explain = (actual, expected) =>
              explainDifference(
                [rowOf(actual, withError(expected as readonly TestMessage[], errorIn(args, 2)), letters)],
                values,
              );
          },
          toEqual: other$ => {
            recorded.toEqual(other$);
            expectation.explain = (actual, expected) => explainDifference([rowOf(actual, expected)], undefined);
          },
        };
      };
      // RxJS's type requires a class that it does not export, but its code reads only two numbers.
      const record = helpers.expectSubscriptions as RxExpectationHelpers['expectSubscriptions'];
      const expectSubscriptions: RxExpectationHelpers['expectSubscriptions'] = logs => {
        const expectation = expect('expectSubscriptions', callSite(expectSubscriptions));
        const { toBe } = record(logs);
        return {
          toBe: marbles => {
            toBe(marbles);
            expectation.explain = (actual, expected) =>
              explainDifference(
                subscriptionRows(expected as readonly SubscriptionTimes[], actual as readonly SubscriptionTimes[]),
                undefined,
              );
          },
        };
      };
      return { expectObservable, expectSubscriptions };
    },
  };

  function expect(helper: string, calls: Expectation['calls']): RxExpectation {
    const expectation: RxExpectation = expectations.add({ helper, calls });
    said.push(expectation);
    return expectation;
  }
};

const letterOf = ({ notification }: TestMessage): string =>
  notification.kind === 'N' ? String(notification.value) : notification.kind === 'E' ? '#' : '|';

const rowOf = (actual: unknown, expected: unknown, letters?: readonly string[]): DiagramRow => ({
  label: '',
  expected: expected as readonly TestMessage[],
  actual: actual as readonly TestMessage[],
  ...(letters && { letters }),
});

/** One row per subscription. Rows are numbered if there are several. */
const subscriptionRows = (
  expected: readonly SubscriptionTimes[],
  actual: readonly SubscriptionTimes[],
): DiagramRow[] => {
  const count = Math.max(expected.length, actual.length);
  return Array.from({ length: count }, (_, i) => ({
    label: count > 1 ? `subscription ${i + 1}` : '',
    expected: timesAsMessages(expected[i]),
    actual: timesAsMessages(actual[i]),
  }));
};

const timesAsMessages = (times: SubscriptionTimes | undefined): readonly TestMessage[] => {
  if (times === undefined) return [];
  const { subscribedFrame, unsubscribedFrame } = times;
  const end = unsubscribedFrame === Infinity ? [] : [nextAt(unsubscribedFrame, '!')];
  return [nextAt(subscribedFrame, '^'), ...end];
};
