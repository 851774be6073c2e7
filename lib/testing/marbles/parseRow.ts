import { TestScheduler } from 'rxjs/testing';
import type { TestMessage } from './TestMessage.js';

/** A parsed diagram: its messages and its signs. */
export interface Parsed<T = unknown> {
  readonly expected: readonly TestMessage<T>[];
  readonly letters: readonly string[];
}

/** Parses marbles. `read` returns the value of a sign. Call this only during a run. */
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

/** Adds values for digits, `t` and `f`. The values of the test take precedence. */
export const withLevels = (values: Values = {}): Values => ({ ...LEVELS, ...values });

/** The value of a sign, or the sign itself if `values` has none. */
export const valueOf =
  (values: Values = {}) =>
  (sign: string): unknown =>
    Object.hasOwn(values, sign) ? values[sign] : sign;
