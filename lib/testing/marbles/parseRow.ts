import { TestScheduler } from 'rxjs/testing';
import type { Message } from './Message.js';

/** A diagram that was written, its values, and its signs. */
export interface Parsed<T = unknown> {
  readonly expected: readonly Message<T>[];
  readonly letters: readonly string[];
}

/** Reads marbles whose values `read` finds by their sign. Only to be called while a run is going on. */
export const parseRow = <T>(marbles: string, read: (sign: string) => T): Parsed<T> => {
  const signs = TestScheduler.parseMarbles(marbles, undefined, undefined, false, true) as readonly Message<string>[];
  return {
    expected: signs.map(({ frame, notification }) => ({
      frame,
      notification: notification.kind === 'N' ? { kind: 'N', value: read(notification.value) } : notification,
    })),
    letters: signs.map(({ notification: n }) => (n.kind === 'N' ? n.value : n.kind === 'E' ? '#' : '|')),
  };
};

/** The test's own name for a value, where it has one; else a digit is a number, `t` and `f` are `true` and `false`. */
export const levelOf =
  (values: Readonly<Record<string, unknown>> = {}) =>
  (sign: string): unknown => {
    if (Object.hasOwn(values, sign)) return values[sign];
    if (sign === 't' || sign === 'f') return sign === 't';
    return /^\d$/.test(sign) ? Number(sign) : sign;
  };

/** The test's own name for a value, where it has one; else the letter is the value. */
export const valueOf =
  (values: Readonly<Record<string, unknown>> = {}) =>
  (sign: string): unknown =>
    Object.hasOwn(values, sign) ? values[sign] : sign;
