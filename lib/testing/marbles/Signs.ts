import { firstDifference } from './firstDifference.js';
import type { TestMessage } from './TestMessage.js';

/**
 * The signs in the diagrams of one failure: one letter for each distinct value.
 *
 * The first of these that exists is used: the letter of the value in the expectation, its key in the `values` of the test, the value
 * itself if it is a string of one letter, the next free letter.
 */
export interface Signs {
  readonly of: (message: TestMessage) => string;
  /** Whether a sign equals its value: `a` stands for `'a'`, `1` for 1. */
  readonly isPlain: (sign: string) => boolean;
}

interface Named {
  readonly sign: string;
  readonly value: unknown;
}

const FREE = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const MEANS_SOMETHING = /^[-|#()\s]$/;

/** `written`: the signs in the expectations. `values`: the `values` of the test. */
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
