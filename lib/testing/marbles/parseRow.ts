import { TestScheduler } from 'rxjs/testing';
import type { TestMessage } from './TestMessage.js';

/** A diagram that was written, its values, and its signs. */
export interface Parsed<T = unknown> {
  readonly expected: readonly TestMessage<T>[];
  readonly letters: readonly string[];
}

/** Reads marbles whose values `read` finds by their sign. Only to be called while a run is going on. */
export const parseRow = <T>(marbles: string, read: (sign: string) => T): Parsed<T> => {
  const signs = TestScheduler.parseMarbles(
    marbles,
    undefined,
    undefined,
    false,
    true,
  ) as readonly TestMessage<string>[];
  return {
    expected: signs.map(({ frame, notification }) => ({
      frame,
      notification: notification.kind === 'N' ? { kind: 'N', value: read(notification.value) } : notification,
    })),
    letters: signs.map(({ notification: n }) => (n.kind === 'N' ? n.value : n.kind === 'E' ? '#' : '|')),
  };
};

/** The values that the letters of a diagram stand for. */
export type Values = Readonly<Record<string, unknown>>;

const LEVELS: Values = { ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], t: true, f: false };

/** Adds what a digit, `t` and `f` mean where something is counted or is on or off, unless the test means something else. */
export const withLevels = (values: Values = {}): Values => ({ ...LEVELS, ...values });

/** The test's own name for a value, where it has one; else the letter is the value. */
export const valueOf =
  (values: Values = {}) =>
  (sign: string): unknown =>
    Object.hasOwn(values, sign) ? values[sign] : sign;
