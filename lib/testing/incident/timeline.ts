/** Longer silence is written as a time instead of dashes. */
const MOST_DASHES = 20;

/** Marbles with these letters at these times, in ms from 0. Times must be whole and rising. */
export const timeline = (letters: readonly { readonly at: number; readonly letter: string }[]): string => {
  let now = 0;
  let marbles = '';
  for (const { at, letter } of letters) {
    marbles += wait(at - now) + letter;
    now = at + 1;
  }
  return marbles;
};

/** Marbles of work that completes or fails after `ms`. */
export const work = (ms: number, fails: boolean): string => (ms === 0 && !fails ? '' : wait(ms) + (fails ? '#' : '|'));

/** Marbles of work that never ends. */
export const ENDLESS = '-';

const wait = (ms: number): string => (ms <= MOST_DASHES ? '-'.repeat(ms) : ` ${ms}ms `);
