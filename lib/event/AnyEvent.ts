/**
 * The least that an event has: a string `type`. Make it a literal type, so that TypeScript can narrow a union of events.
 */
export interface AnyEvent {
  /** The type of the event, by which it is routed. */
  readonly type: string;
}
