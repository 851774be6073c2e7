import { firstDifference } from './firstDifference.js';
import type { TestMessage } from './TestMessage.js';

/**
 * The signs of one failure's diagrams: one letter for each value that differs from the others.
 *
 * A value gets, in this order, the letter that the expectation wrote it with, its key among the values of the test, the
 * one-letter string that it is, a letter that is still free.
 */
export interface Signs {
  readonly of: (message: TestMessage) => string;
  /** Whether a sign is its value, as `a` is `'a'` and `1` is 1. */
  readonly isPlain: (sign: string) => boolean;
}

interface Named {
  readonly sign: string;
  readonly value: unknown;
}

const FREE = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const MEANS_SOMETHING = /^[-|#()\s]$/;

/** `written` are the signs of the expectations; `values` are the test's own names. */
export const signsOf = (written: readonly Named[], values: unknown): Signs => {
  const table: Named[] = [...written, ...keysOf(values)];
  const taken = (sign: string): boolean => table.some(named => named.sign === sign);

  const name = (value: unknown): string => {
    const known = table.find(named => firstDifference(named.value, value) === undefined);
    if (known !== undefined) return known.sign;
    const sign = isLetter(value) && !taken(value) ? value : (FREE.find(letter => !taken(letter)) ?? '?');
    table.push({ sign, value });
    return sign;
  };

  return {
    of: ({ notification }) => {
      if (notification.kind === 'C') return '|';
      return notification.kind === 'E' ? '#' : name(notification.value);
    },
    isPlain: sign => table.some(named => named.sign === sign && [sign, Number(sign)].includes(named.value as string)),
  };
};

const isLetter = (value: unknown): value is string =>
  typeof value === 'string' && [...value].length === 1 && !MEANS_SOMETHING.test(value);

const keysOf = (values: unknown): readonly Named[] =>
  typeof values === 'object' && values !== null
    ? Object.entries(values)
        .filter(([sign]) => isLetter(sign))
        .map(([sign, value]) => ({ sign, value: value as unknown }))
    : [];
