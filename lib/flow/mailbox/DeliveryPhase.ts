/**
 * The phase of a delivery, from `take` to `free`. `begin` is `take` and `try` in one.
 *
 *     idle ─take─► ready ─try─► (scheduled) ─► calling ─► working ─► (ending) ─► ended ─free─► idle
 *                    ▲                            │          │           │
 *                    └───── (delaying) ◄── retry ─┴──────────┴───────────┘
 */
export type DeliveryPhase =
  /** Nothing is in hand. */
  | 'idle'
  /** The next attempt may begin. */
  | 'ready'
  /** `observeOn` will call the handler. */
  | 'scheduled'
  /** The handler is on the stack. */
  | 'calling'
  /** The work that the handler returned is running. */
  | 'working'
  /** `retry` waits before the next attempt. */
  | 'delaying'
  /** Its work has ended, but its teardown, or the observer of its Promise's value, has not returned. It is cut off no more. */
  | 'ending'
  /** It has ended, and its work is torn down. */
  | 'ended';
