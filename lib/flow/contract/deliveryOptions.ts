import { aFunction, count, flag, level, milliseconds, needed, scheduler, type Check, type Checks } from './options.js';
import { OptionError } from './OptionError.js';

/** As RxJS's `retry` takes it: a number, or what is tried how often and after how long. */
const retry: Check = {
  expected: 'how often, a whole number, 0 or more, or { count, delay, resetOnSuccess }',
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

/** Whatever it is, it can be shown as text. */
const name: Check = { expected: 'a text', allows: () => true };

/** What a function of this name makes, or one of the `others`. */
export const strategy = (name: string, expected: string, ...others: readonly unknown[]): Check => ({
  expected,
  allows: value =>
    others.includes(value) ||
    (typeof value === 'object' && value !== null && 'strategy' in value && value.strategy === name),
});

const park = strategy('park', '', 'stop', 'continue');

/** The options of a delivery: what each may be. */
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

/** Refuses a bound in bytes where nothing says how many bytes an event has. `of`: what takes `sizeOf`. */
export const checkSizeOf = (of: string, delivery: object, sizeOf: unknown): void => {
  const { highWaterMarkBytes, capacityBytes } = delivery as Readonly<Record<string, unknown>>;
  if (sizeOf !== undefined) return;
  for (const [option, bytes] of Object.entries({ highWaterMarkBytes, capacityBytes }))
    if (bytes !== undefined) throw new OptionError(option, `the option sizeOf of ${of} beside it`, bytes);
};
