import type { Gap } from './Gap.js';

/** Copies of the package may meet. */
const UNTOLD = Symbol.for('rx-event-broker.untold');

/** A `missed` that can be asked for what it was not told yet. */
export type Asking<E, G> = ((gap: G) => void) & { [UNTOLD]: (() => readonly Gap<E>[]) | undefined };

/**
 * Makes a `missed` that can be asked: for a subscriber that tells its gaps when it is closed, since no event follows. It asks
 * in the teardown of its `closed$`, so that no user code runs inside a close.
 */
export const askingMissed = <E, G>(missed: (gap: G) => void): Asking<E, G> =>
  Object.assign((gap: G) => missed(gap), { [UNTOLD]: undefined });

/** The gaps that are open, and what waits. There are none when its subscriber has closed. */
export const untoldOf = <E>(missed: Asking<E, never>): readonly Gap<E>[] => missed[UNTOLD]?.() ?? [];

/** If `missed` can be asked, it will ask `untold`; the first registration is the one that counts. */
export const answerUntold = <E>(missed: object | undefined, untold: () => readonly Gap<E>[]): void => {
  if (missed !== undefined && UNTOLD in missed) missed[UNTOLD] ??= untold;
};
