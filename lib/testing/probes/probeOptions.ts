import { anything, choice, count, flag, milliseconds, text, type Checks } from '../../flow/contract/options.js';

const LEVELS: Checks = {
  name: text,
  skip: text,
  hold: text,
  closed: text,
  drainOnClose: flag,
  retry: anything,
  stallAfter: milliseconds,
  error: anything,
};

export const REQUIRED_OPTIONS: Checks = { ...LEVELS, highWaterMark: count(1), onFailure: choice('stop', 'continue') };
export const OPTIONAL_OPTIONS: Checks = {
  ...LEVELS,
  capacity: count(0),
  overflow: choice('dropNewest', 'dropOldest'),
};
