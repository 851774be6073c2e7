/**
 * The part of a broker for code that only sends. A broker of `Price | Halt` is an `EventSink<Price>`; the reverse does not
 * compile.
 *
 * @example
 * ```ts
 * const quote = (prices: EventSink<Price>) =>
 *   prices.send({ type: 'Price', value: 7 });
 * quote(broker);
 * ```
 * @see node_modules/rx-event-broker/docs/broker/parts.md
 */
export interface EventSink<in E> {
  /** Delivers an event. Returns and throws as `send` of the broker does. */
  readonly send: (event: E) => boolean;
}
