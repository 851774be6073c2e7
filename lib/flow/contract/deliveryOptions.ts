import { aFunction, count, flag, level, milliseconds, needed, scheduler, type Check, type Checks } from './options.js';
import { OptionError } from './OptionError.js';

/** The argument of RxJS's `retry`: a count, or a `RetryConfig`. */
const retry: Check = {
  expected: 'a whole number, 0 or more, or { count, delay, resetOnSuccess }',
  allows: value => {
    if (typeof value !== 'object' || value === null) return times.allows(value);
    const { count: most, delay, ...more } = value as Readonly<Record<string, unknown>>;
    return (
      (most === undefined || times.allows(most)) &&
      (delay === undefined || milliseconds.allows(delay) || aFunction.allows(delay)) &&
      Object.keys(more).every(key => key === 'resetOnSuccess')
    );
  },
};
const times = count(0);

/** Allows any value, since `nameOf` shows any value as text. */
const name: Check = { expected: 'a text', allows: () => true };

/** Allows a strategy made by the function `name`, or one of the `others`. */
export const strategy = (name: string, expected: string, ...others: readonly unknown[]): Check => ({
  expected,
  allows: value =>
    others.includes(value) ||
    (typeof value === 'object' && value !== null && 'strategy' in value && value.strategy === name),
});

const park = strategy('park', '', 'stop', 'continue');

/** The checks of the options of a delivery. */
export const DELIVERY: Checks = {
  required: needed(flag),
  name,
  skip$: level,
  hold$: level,
  retry,
  stallAfter: milliseconds,
  failAfter: milliseconds,
  abortable: flag,
  highWaterMark: count(1),
  highWaterMarkBytes: count(1),
  onFailure: {
    expected: "'stop' or 'continue' or park(parking) or a function",
    allows: value => typeof value === 'function' || park.allows(value),
  },
  capacity: count(0),
  capacityBytes: count(0),
  overflow: strategy('keepLatestBy', "'dropNewest' or 'dropOldest' or keepLatestBy(key)", 'dropNewest', 'dropOldest'),
  lanes: strategy('lanes', 'lanes({ concurrency, by })'),
  gather: strategy('gather', 'gather({ maxSize, maxWait })'),
  observeOn: scheduler,
  missed: aFunction,
};

/** Throws `OptionError` for a bound in bytes without `sizeOf`. `of`: the function that has the option `sizeOf`. */
export const checkSizeOf = (of: string, delivery: object, sizeOf: unknown): void => {
  const { highWaterMarkBytes, capacityBytes } = delivery as Readonly<Record<string, unknown>>;
  if (sizeOf !== undefined) return;
  for (const [option, bytes] of Object.entries({ highWaterMarkBytes, capacityBytes }))
    if (bytes !== undefined) throw new OptionError(option, `the option sizeOf of ${of} as well`, bytes);
};
