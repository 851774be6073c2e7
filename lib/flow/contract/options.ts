import { from, isObservable, type Observable } from 'rxjs';
import { catchRejection } from '../catchRejection.js';
import { OptionError } from './OptionError.js';

/** Checks an option, and says in words what it allows, for the error. */
export interface Check {
  readonly expected: string;
  readonly allows: (value: unknown) => boolean;
  /** Whether the option is mandatory. */
  readonly needed?: boolean;
}

/** The checks of all options of a function, by name. */
export type Checks = Readonly<Record<string, Check>>;

const isWhole = (value: unknown, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;

/** A number of events, bytes or attempts: whole and at least `min`. Without `max`, `Infinity` is allowed. */
export const count = (min: number, max = Infinity): Check => ({
  expected: max === Infinity ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
  allows: value => (value === Infinity && max === Infinity) || isWhole(value, min, max),
});

/** Milliseconds of any length. `after` handles timers beyond 2³¹ ms. */
export const milliseconds: Check = {
  expected: 'milliseconds, 0 or more',
  allows: value => typeof value === 'number' && value >= 0,
};

export const port: Check = count(0, 65_535);

export const choice = (...values: readonly unknown[]): Check => ({
  expected: values.map(value => (typeof value === 'string' ? `'${value}'` : String(value))).join(' or '),
  allows: value => values.includes(value),
});

export const flag: Check = choice(true, false);

export const text: Check = { expected: 'a string', allows: value => typeof value === 'string' };

export const anything: Check = { expected: 'a value', allows: () => true };

export const aFunction: Check = { expected: 'a function', allows: value => typeof value === 'function' };

export const level: Check = { expected: 'an Observable', allows: value => isObservable(value) };

/** An object with these methods, such as an observer or a scheduler. */
export const having = (expected: string, ...methods: readonly string[]): Check => ({
  expected,
  allows: value =>
    typeof value === 'object' &&
    value !== null &&
    methods.every(method => typeof (value as Record<string, unknown>)[method] === 'function'),
});

export const abortSignal: Check = having('an AbortSignal', 'addEventListener', 'removeEventListener');

/** The values that `closed$` allows. */
export const closing: Check = {
  expected: 'an Observable, a Promise or an iterable',
  allows: value => {
    try {
      void from(value as Observable<unknown>);
      return true;
    } catch {
      return false;
    }
  },
};

export const observer: Check = having('an observer', 'next');

export const scheduler: Check = having('a scheduler of RxJS', 'schedule', 'now');

/** The `settlement` that a source is opened with. */
export const aSettlement: Check = {
  expected: "the settlement of a consumer, or 'none'",
  allows: value => {
    if (typeof value !== 'object' || value === null) return false;
    const settlement = value as Readonly<Record<string, unknown>>;
    return typeof settlement['received'] === 'number' && isObservable(settlement['settled$']);
  },
};

export const needed = (check: Check): Check => ({ ...check, needed: true });

/**
 * Throws `OptionError` for an invalid or unknown option; it names the option, what was expected, and what was found. An
 * option that is `undefined` counts as absent. Returns a copy of the options, each read once: a getter may return another
 * value the next time.
 *
 * Unknown keys are rejected only in plain objects, since an instance of a class may have other fields than its options.
 */
export const checkOptions = <T>(call: string, options: T, checks: Checks): T => {
  if (typeof options !== 'object' || options === null) throw new OptionError(call, 'an object of options', options);
  const given = options as Readonly<Record<string, unknown>>;
  const read: Record<string, unknown> = {};
  for (const option in checks) {
    const value = given[option];
    checkOption(option, value, checks[option]!);
    if (value !== undefined) read[option] = value;
  }
  if (isPlain(options)) {
    for (const key in options) {
      if (!(key in checks) && given[key] !== undefined) throw unknownOption(call, key, Object.keys(checks), given[key]);
    }
  }
  return read as T;
};

/** Throws `OptionError` if one option is invalid. */
export const checkOption = (option: string, value: unknown, check: Check): void => {
  if (value === undefined ? check.needed !== true : isAllowed(value, check)) return;
  // the value may be the Promise of an `async` function: its rejection is handled (promise B10)
  catchRejection(value, () => undefined);
  throw new OptionError(option, check.expected, value);
};

/** A value whose check throws, because of a getter or a Proxy, is not allowed. */
const isAllowed = (value: unknown, { allows }: Check): boolean => {
  try {
    return allows(value);
  } catch {
    return false;
  }
};

const isPlain = (options: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(options);
  // not compared with `Object.prototype`, since a plain object of another realm has another one
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const unknownOption = (call: string, key: string, known: readonly string[], value: unknown): OptionError => {
  const near = known.find(option => distance(option.toLowerCase(), key.toLowerCase()) <= 2);
  const expected = near ?? `one of the options of ${call} (${known.join(', ')})`;
  return new OptionError(key, `${expected}; ${call} has no option of this name`, value);
};

/** The edit distance of two texts (Levenshtein). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
};
