import type { Gap } from './Gap.js';

/** A registered symbol: the subscriber and the broker may come from different copies of the package. */
const UNTOLD = Symbol.for('rx-event-broker.untold');

/** A `missed` that can also be asked for the gaps that were not reported to it yet. */
export type Asking<E, G> = ((gap: G) => void) & { [UNTOLD]: (() => readonly Gap<E>[]) | undefined };

/**
 * Makes a `missed` that can be asked for unreported gaps. A subscriber needs them when it is closed, since no later event
 * reports them. It asks in the teardown of its `closed$`, so that no user code runs while it closes.
 */
export const askingMissed = <E, G>(missed: (gap: G) => void): Asking<E, G> =>
  Object.assign((gap: G) => missed(gap), { [UNTOLD]: undefined });

/** The unreported gaps, and the waiting events as one more gap. Empty after the subscriber has closed. */
export const untoldOf = <E>(missed: Asking<E, never>): readonly Gap<E>[] => missed[UNTOLD]?.() ?? [];

/** Lets `missed` ask `untold`, if it was made by `askingMissed`. Only the first registration counts. */
export const answerUntold = <E>(missed: object | undefined, untold: () => readonly Gap<E>[]): void => {
  if (missed !== undefined && UNTOLD in missed) missed[UNTOLD] ??= untold;
};
