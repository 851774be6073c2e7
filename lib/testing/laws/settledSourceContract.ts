import { NEVER, Observable } from 'rxjs';
import {
  aFunction,
  checkOptions,
  flag,
  having,
  milliseconds,
  needed,
  type Check,
} from '../../flow/contract/options.js';
import { SettledCount } from '../../flow/settlement/SettledCount.js';
import { firstDifference } from '../marbles/firstDifference.js';
import { LawBrokenError, mustEqual } from './LawBrokenError.js';
import type { SettledBacking, SettledSourceUnderTest } from './SettledSourceUnderTest.js';

/**
 * Tests a source that acknowledges, with one test per clause. No value is acknowledged before it is settled, every settled value is
 * acknowledged, and unsettled values are emitted again (promises K1–K3: settlement).
 *
 * The tests run in real time. They wait only for the source, for at most `patience` ms. A broken clause is a `LawBrokenError`.
 * Throws `OptionError`.
 *
 * @example
 * ```ts
 * settledSourceContract({
 *   test,
 *   factory: openMyQueue,
 *   supports: { values: ['a', 'b', 'c'] },
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/settling.md
 */
export const settledSourceContract = <T>(source: SettledSourceUnderTest<T>): void => {
  checkOptions('settledSourceContract', source, {
    test: needed(aFunction),
    factory: needed(aFunction),
    supports: needed(having('an object')),
  });
  const checks = { values: needed(atLeastThree), completes: flag, needsSettlement: flag, patience: milliseconds };
  checkOptions('supports', source.supports, checks);
  const { test, factory, supports } = source;
  const values = [...supports.values];
  const all = {
    ...clauses,
    ...(supports.needsSettlement !== false && { 'without a settlement it errors with NotSettledError': notSettled }),
    ...(supports.completes !== false && { 'it completes after the last settlement': completes }),
  };
  for (const [name, clause] of Object.entries(all)) {
    test(name, async () => {
      const backing = await factory(values);
      await clause(backing, values, {
        until: untilIn(supports.patience ?? 5000),
        completes: supports.completes !== false,
      });
    });
  }
};

const atLeastThree: Check = {
  expected: 'an array of at least three values',
  allows: values => Array.isArray(values) && values.length >= 3,
};

/** A consumer that settles on request. */
interface Consumer<T> {
  readonly received: readonly T[];
  /** How the stream ended, in words. */
  readonly ends: readonly string[];
  readonly settle: (count: number) => void;
  /** Ends the settlement: nothing more is settled. */
  readonly fail: () => void;
  readonly leave: () => void;
}

const consume = <T>(
  { source }: SettledBacking<T>,
  onValue: (consumer: Consumer<T>) => void = () => undefined,
): Consumer<T> => {
  const received: T[] = [];
  const ends: string[] = [];
  const count = new SettledCount({ received: 0, settled: 0 }, () => undefined);
  let leave = (): void => undefined;
  const consumer: Consumer<T> = {
    received,
    ends,
    settle: n => count.settle(n),
    fail: () => count.end(),
    leave: () => leave(),
  };
  new Observable<T>(subscriber => {
    leave = () => subscriber.unsubscribe();
    return source(NEVER, count).subscribe(subscriber);
  }).subscribe({
    next: value => {
      count.received++;
      received.push(value);
      onValue(consumer);
    },
    error: (error: unknown) => ends.push(String(error)),
    complete: () => ends.push('complete'),
  });
  return consumer;
};

/** Polls until the value is the expected one, for at most `patience` ms. */
const untilIn =
  (patience: number): Until =>
  async (what, look, expected) => {
    const end = performance.now() + patience;
    for (;;) {
      const now = await look();
      if (firstDifference(expected, now) === undefined) return;
      if (performance.now() > end) throw new LawBrokenError(what, expected, now);
      await new Promise(resolve => setTimeout(resolve));
    }
  };

/** Waits a few rounds of the event loop, in which nothing must happen. */
const rounds = async (): Promise<void> => {
  for (let round = 0; round < 10; round++) await new Promise(resolve => setTimeout(resolve));
};

type Clause = <T>(
  backing: SettledBacking<T>,
  values: readonly T[],
  options: { readonly until: Until; readonly completes: boolean },
) => Promise<void>;

type Until = (what: string, look: () => unknown, expected: unknown) => Promise<void>;

const notEarly: Clause = async (backing, values, { until }) => {
  const consumer = consume(backing);
  await until('values', () => consumer.received, values);
  await rounds();
  mustEqual('what is left before anything is settled', await backing.left(), values);
  for (let n = 1; n <= values.length; n++) {
    consumer.settle(n);
    await until(`what is left when ${n} are settled`, () => backing.left(), values.slice(n));
  }
  consumer.leave();
};

const restarted =
  (how: 'left' | 'killed'): Clause =>
  async (backing, values, { until }) => {
    const first = consume(backing);
    await until('values', () => first.received, values);
    first.settle(1);
    await until('what is left when one is settled', () => backing.left(), values.slice(1));
    if (how === 'killed') await backing.kill?.();
    first.leave();
    const second = consume(backing);
    await until(`values after the first subscription was ${how}`, () => second.received, values.slice(1));
    second.leave();
  };

const inside: Clause = async (backing, values, { until, completes: doesComplete }) => {
  const consumer = consume(backing, ({ settle, received }) => settle(received.length));
  await until('values that are settled inside next', () => consumer.received, values);
  await until('what is left when all are settled inside next', () => backing.left(), []);
  if (doesComplete) await until('the end', () => consumer.ends, ['complete']);
  consumer.leave();
};

const failed: Clause = async (backing, values, { until }) => {
  const consumer = consume(backing);
  await until('values', () => consumer.received, values);
  consumer.settle(1);
  await until('what is left when one is settled', () => backing.left(), values.slice(1));
  consumer.fail();
  consumer.leave();
  await rounds();
  mustEqual('what is left when settled$ has completed', await backing.left(), values.slice(1));
};

const leftAtOnce: Clause = async (backing, values, { until }) => {
  const first = consume(backing, ({ leave }) => leave());
  await until('the first value', () => first.received.length > 0, true);
  const second = consume(backing);
  await until('values of the second subscription', () => second.received, values);
  mustEqual('values of a subscription that left inside its first value', first.received, values.slice(0, 1));
  second.leave();
};

const notSettled: Clause = async ({ source }, _, { until }) => {
  const errors: unknown[] = [];
  const subscription = new Observable(subscriber => source(NEVER, undefined as never).subscribe(subscriber)).subscribe({
    error: (error: unknown) => errors.push((error as Error).name),
  });
  await until('the error without a settlement', () => errors, ['NotSettledError']);
  subscription.unsubscribe();
};

const completes: Clause = async (backing, values, { until }) => {
  const consumer = consume(backing);
  await until('values', () => consumer.received, values);
  consumer.settle(values.length - 1);
  await rounds();
  mustEqual('the end before the last settlement', consumer.ends, []);
  consumer.settle(values.length);
  await until('the end', () => consumer.ends, ['complete']);
};

const clauses: Readonly<Record<string, Clause>> = {
  'nothing is acknowledged before it is settled, and everything after it': notEarly,
  'what is not settled comes again, and nothing else': restarted('left'),
  'the same after a kill': restarted('killed'),
  'values may be settled inside next': inside,
  'a settlement that has ended acknowledges nothing': failed,
  'who leaves inside a value gives everything back to the next one': leftAtOnce,
};
