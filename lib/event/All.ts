/**
 * In the `types` of a subscriber: every type but the unlisted ones (promise B4). It is a registered symbol, so it is the
 * same in the ESM and the CJS copy of this library.
 *
 * @example
 * ```ts
 * // every type, and TxError, which is unlisted
 * broker.subscribe({ required: false, types: [All, 'TxError'], next: log });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/subscribe.md
 */
export const All: unique symbol = Symbol.for('rx-event-broker.All') as never;
/** The type of the symbol `All`. */
export type All = typeof All;
