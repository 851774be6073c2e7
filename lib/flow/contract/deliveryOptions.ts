import {
  aFunction,
  choice,
  count,
  flag,
  level,
  milliseconds,
  needed,
  scheduler,
  type Check,
  type Checks,
} from './options.js';

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

/** The options of a delivery: what each may be. */
export const DELIVERY: Checks = {
  required: needed(flag),
  name,
  skip$: level,
  hold$: level,
  retry,
  stallAfter: milliseconds,
  highWaterMark: count(1),
  onFailure: choice('stop', 'continue'),
  capacity: count(0),
  overflow: choice('dropNewest', 'dropOldest'),
  observeOn: scheduler,
  missed: aFunction,
};
