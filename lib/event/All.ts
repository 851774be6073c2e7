/**
 * In the `types` of a subscriber: every type but the unlisted ones (promise B4).
 *
 * A registered symbol, so that an ESM and a CJS copy of this library in one program agree on it.
 */
export const All: unique symbol = Symbol.for('rx-event-broker.All') as never;
export type All = typeof All;
