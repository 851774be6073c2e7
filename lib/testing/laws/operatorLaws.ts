import { aFunction, checkOptions, count, flag, having, needed } from '../../flow/options.js';
import { runMarbles } from '../marbles/runMarbles.js';
import { endLaws } from './endLaws.js';
import type { OperatorUnderTest } from './OperatorUnderTest.js';
import { pressureLaws } from './pressureLaws.js';
import { notifierLaw, subscriptionLaws } from './subscriptionLaws.js';

/**
 * The laws that an operator keeps (promise O3), each as one test of any framework.
 *
 *     operatorLaws({ test, factory: () => ofType('Trade'), supports: { input: n => ({ type: 'Trade', n }) } });
 *
 * `factory` is called once a law; `supports` says what goes in and what comes out. The laws run in virtual time: an
 * operator may wait for timers, not for Promises. A broken one is a `LawBrokenError`.
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
    test(name, () => {
      runMarbles(({ flush }) => {
        law({ operator: factory(), supports, flush });
      });
    });
  }
  for (const [name, operatorOf] of Object.entries(supports.notifiers ?? {})) {
    test(`${name} is subscribed before the source, and let go with it`, () => {
      runMarbles(() => {
        notifierLaw(name, operatorOf);
      });
    });
  }
};

const anObject = having('an object');
