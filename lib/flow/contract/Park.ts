/**
 * An `onFailure` of a required subscriber: stores the events of deliveries that fail for good. Made by `park`.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface Park<in E> {
  /** Which strategy it is. */
  readonly strategy: 'park';
  /** The most events that may be parked for the subscriber. */
  readonly most: number;
  /** Returns the key of an event; `undefined` if `park` was given none. */
  readonly by: ((event: E) => unknown) | undefined;
}
