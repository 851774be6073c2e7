/** The part of an event that is counted. */
interface Counted {
  /** The type of the event. */
  readonly type: string;
  /** The payload of the event. */
  readonly payload: unknown;
}

/**
 * How many records an event stands for: the number of its order ids, which may be 0, for `ExpiredOrders` and
 * `CancelledOrders`; otherwise 1. The `sequence` of the next event is that of this one plus this count (promise F6).
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const compositeCount = (event: Counted): number =>
  event.type === 'ExpiredOrders' || event.type === 'CancelledOrders'
    ? (event.payload as { readonly orderIds: readonly string[] }).orderIds.length
    : 1;
