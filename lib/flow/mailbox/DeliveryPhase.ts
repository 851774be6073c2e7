/**
 * Where a delivery is, from `take` to `free`.
 *
 *     idle ─take─► ready ─try─► (scheduled) ──► calling ──► working ──► ended ─free─► idle
 *                    ▲                             │           ├──► ending ─┘
 *                    └──── (delaying) ◄── retry ───┴───────────┘
 */
export type DeliveryPhase =
  /** Nothing is in hand. */
  | 'idle'
  /** The next try may begin. */
  | 'ready'
  /** `observeOn` will call the handler. */
  | 'scheduled'
  /** The handler is on the stack. */
  | 'calling'
  /** The work that the handler returned runs. */
  | 'working'
  /** `retry` waits before the next try. */
  | 'delaying'
  /** It has failed and is counted; the teardown of its work has not returned. */
  | 'ending'
  /** It has released what it held. */
  | 'ended';
