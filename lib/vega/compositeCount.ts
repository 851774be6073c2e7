/** The part of an event that is counted. */
interface Counted {
  /** The type of the event. */
  readonly type: string;
  /** The payload of the event. */
  readonly payload: unknown;
}

/**
 * How many records an event stands for: its number of order ids (which may be 0) if it is `ExpiredOrders` or
 * `CancelledOrders`, otherwise 1. The next event's `sequence` is this one's plus this count (promise F6).
 * @see node_modules/rx-event-broker/docs/vega.md
 */
export const compositeCount = (event: Counted): number =>
  event.type === 'ExpiredOrders' || event.type === 'CancelledOrders'
    ? (event.payload as { readonly orderIds: readonly string[] }).orderIds.length
    : 1;
