import { aFunction, checkOptions, flag, having, needed, type Check } from '../../flow/contract/options.js';
import type { Pausable } from '../../flow/contract/Pausable.js';
import { consume, type Consumer } from './consume.js';
import { LawBrokenError, mustEqual } from './LawBrokenError.js';
import { COMPLETED } from './record.js';
import type { SourceSupport, SourceUnderTest } from './SourceUnderTest.js';

/**
 * Tests what a `Pausable` source guarantees to its consumer, with one test per clause.
 *
 * The tests run in real time, because sources are files and sockets. They wait only for the source or the event loop, never for a
 * fixed time. If the source hangs, your test runner reports a timeout. A broken clause is a `LawBrokenError`. Throws
 * `OptionError`.
 *
 * @example
 * ```ts
 * sourceContract({
 *   test,
 *   factory: () => pause$ => fromPull(() => [1, 2, 3], { pause$ }),
 *   supports: { values: [1, 2, 3] },
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/testing/laws.md
 */
export const sourceContract = <T>(source: SourceUnderTest<T>): void => {
  checkOptions('sourceContract', source, {
    test: needed(aFunction),
    factory: needed(aFunction),
    supports: needed(anObject),
  });
  checkOptions('supports', source.supports, { values: needed(atLeastThree), parallel: flag });
  const { test, factory } = source;
  const supports = { ...source.supports, values: [...source.supports.values] };
  const all = supports.parallel === false ? clauses : { ...clauses, 'two consumers may read it at a time': parallel };
  for (const [name, clause] of Object.entries(all)) {
    test(name, async () => {
      await clause(await factory(), supports);
    });
  }
};

const anObject = having('an object');
const atLeastThree: Check = {
  expected: 'an array of at least three values',
  allows: values => Array.isArray(values) && values.length >= 3,
};

/** Checks the values. If the source has failed, reports its error instead of the missing values. */
const mustEmit = <T>(what: string, { values, ends }: Consumer<T>, expected: readonly T[]): void => {
  const [end] = ends;
  if (end?.kind === 'error') throw new LawBrokenError(what, expected, end.error, end.error);
  mustEqual(what, values, expected);
};

type Clause = <T>(source: Pausable<T>, supports: SourceSupport<T>) => Promise<void>;

const whole: Clause = async (source, { values }) => {
  const consumer = consume(source);
  await consumer.over;
  mustEmit('values', consumer, values);
  mustEqual('the end', consumer.ends, COMPLETED);
};

const again: Clause = async (source, { values }) => {
  for (const time of ['first', 'second']) {
    const consumer = consume(source);
    await consumer.over;
    mustEmit(`the ${time} time`, consumer, values);
  }
};

const parallel: Clause = async (source, { values }) => {
  const consumers = [consume(source), consume(source)];
  await Promise.all(consumers.map(({ over }) => over));
  for (const consumer of consumers) mustEmit('one of two at a time', consumer, values);
};

const pausedFirst: Clause = async (source, { values }) => {
  const consumer = consume(source, undefined, true);
  await rounds();
  mustEqual('values while paused from the start', consumer.values, []);
  consumer.setPaused(false);
  await consumer.over;
  mustEmit('values after the pause', consumer, values);
};

const pausedEachTime: Clause = async (source, { values }) => {
  const resumed: Promise<void>[] = [];
  const consumer = consume(source, ({ setPaused }) => {
    setPaused(true);
    resumed.push(
      rounds().then(() => {
        setPaused(false);
      }),
    );
  });
  await consumer.over;
  await Promise.all(resumed);
  mustEqual('values while paused', consumer.whilePaused, []);
  mustEmit('values', consumer, values);
  mustEqual('the end', consumer.ends, COMPLETED);
};

const toggled: Clause = async (source, { values }) => {
  const consumer = consume(source, ({ setPaused }) => {
    setPaused(true);
    setPaused(false);
    setPaused(true);
    setPaused(false);
  });
  await consumer.over;
  mustEmit('values', consumer, values);
  mustEqual('the end', consumer.ends, COMPLETED);
};

const levelStays: Clause = async (source, { values }) => {
  const running = consume(source);
  running.finishPause();
  await running.over;
  mustEmit('values after a pause that completed false', running, values);
  const stuck = consume(source, ({ setPaused, finishPause }) => {
    setPaused(true);
    finishPause();
  });
  await rounds();
  mustEqual('values after a pause that completed true', stuck.values, values.slice(0, 1));
  mustEqual('its end', stuck.ends, []);
  stuck.leave();
};

const levelFails: Clause = async source => {
  const failure = new Error('of the level');
  const consumer = consume(source, undefined, true);
  consumer.failPause(failure);
  await consumer.over;
  mustEqual('the end', consumer.ends, [{ kind: 'error', error: failure }]);
  mustEqual('values', consumer.values, []);
};

const left: Clause = async (source, { values }) => {
  const consumer = consume(source, ({ leave }) => leave());
  await consumer.over;
  await rounds();
  mustEmit('values', consumer, values.slice(0, 1));
  mustEqual('the end', consumer.ends, []);
  mustEqual('pause$', consumer.pause, { subscribed: 1, released: 1, beforeFirstValue: true });
};

const listens: Clause = async source => {
  const consumer = consume(source);
  await consumer.over;
  mustEqual('pause$', consumer.pause, { subscribed: 1, released: 1, beforeFirstValue: true });
};

const clauses: Readonly<Record<string, Clause>> = {
  'it emits its values and completes': whole,
  'it can be subscribed again': again,
  'paused from the start, it emits nothing': pausedFirst,
  'it emits nothing while it is paused': pausedEachTime,
  'a pause that comes and goes inside a value loses nothing': toggled,
  'a pause that completes stays as it was': levelStays,
  'an error of the pause is its error': levelFails,
  'unsubscribing inside a value ends it': left,
  'it listens to pause$ once, before its first value, and releases it': listens,
};

/** Waits a few rounds of the event loop, so that values in flight arrive. */
const rounds = async (): Promise<void> => {
  for (let round = 0; round < 5; round++) await new Promise(resolve => setTimeout(resolve));
};
