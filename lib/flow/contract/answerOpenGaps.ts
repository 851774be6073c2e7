import type { Gap } from './Gap.js';

/** Copies of the package may meet. */
const OPEN = Symbol.for('rx-event-broker.openGaps');

/** A `missed` that can be asked for the gaps that are open. */
export type MissedWithGaps<E, G> = ((gap: G) => void) & { [OPEN]: () => readonly Gap<E>[] };

/** Makes a `missed` that can be asked: for a subscriber that tells its gaps when it is closed, since no event follows. */
export const withOpenGaps = <E, G>(missed: (gap: G) => void): MissedWithGaps<E, G> =>
  Object.assign((gap: G) => missed(gap), { [OPEN]: () => [] });

/** The gaps that are open. None are when its subscriber has closed. */
export const openGapsOf = <E>(missed: MissedWithGaps<E, never>): readonly Gap<E>[] => missed[OPEN]();

/** If `missed` can be asked, it will ask `gaps`. */
export const answerOpenGaps = <E>(missed: object | undefined, gaps: () => readonly Gap<E>[]): void => {
  if (missed !== undefined && OPEN in missed) missed[OPEN] = gaps;
};
