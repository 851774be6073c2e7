import { aFunction, checkOptions, count, flag, having, needed } from '../../flow/contract/options.js';
import { runMarbles } from '../marbles/runMarbles.js';
import { endLaws } from './endLaws.js';
import type { OperatorUnderTest } from './OperatorUnderTest.js';
import { pressureLaws } from './pressureLaws.js';
import { notifierLaw, subscriptionLaws } from './subscriptionLaws.js';

/**
 * Tests that an operator keeps the laws (promise O3: empty, never, error, early unsubscribe, re-entrance, a synchronous
 * flood and reuse), with one test per law.
 *
 * The laws run in virtual time, so the operator may wait for timers, but not for Promises. A broken law is a `LawBrokenError`.
 * Throws `OptionError`.
 *
 * @example
 * ```ts
 * operatorLaws({
 *   test,
 *   factory: () => ofType('Trade'),
 *   supports: { input: n => ({ type: 'Trade', n }) },
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export const operatorLaws = <T, R = T>(operator: OperatorUnderTest<T, R>): void => {
  checkOptions('operatorLaws', operator, {
    test: needed(aFunction),
    factory: needed(aFunction),
    supports: needed(anObject),
  });
  const { test, factory, supports } = operator;
  checkOptions('supports', supports, {
    input: needed(aFunction),
    output: aFunction,
    lossy: flag,
    firehose: count(1),
    notifiers: anObject,
  });
  for (const [name, law] of Object.entries({ ...endLaws, ...subscriptionLaws, ...pressureLaws })) {
    test(name, () => runMarbles(({ flush }) => law({ operator: factory(), supports, flush })));
  }
  for (const [name, operatorOf] of Object.entries(supports.notifiers ?? {})) {
    test(`${name} is subscribed before the source, and released with it`, () =>
      runMarbles(() => notifierLaw(name, operatorOf)));
  }
};

const anObject = having('an object');
