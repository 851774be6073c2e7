/**
 * What travels: anything with a string-literal `type`.
 *
 * Not called `Event`, which is the DOM's.
 */
export interface AnyEvent {
  readonly type: string;
}
