/**
 * The minimum of an event: an object with a string `type`. Make `type` a literal, so that a union of events narrows by
 * it.
 */
export interface AnyEvent {
  /** The type of the event, by which it is routed. */
  readonly type: string;
}
