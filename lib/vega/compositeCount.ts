interface Counted {
  readonly type: string;
  readonly payload: unknown;
}

/**
 * How many records an event stands for: as many as it has order ids where it is `ExpiredOrders` or `CancelledOrders` (which may
 * be none), else 1. The next event's sequence is this one's plus this count (promise F6).
 */
export const compositeCount = (event: Counted): number =>
  event.type === 'ExpiredOrders' || event.type === 'CancelledOrders'
    ? (event.payload as { readonly orderIds: readonly string[] }).orderIds.length
    : 1;
