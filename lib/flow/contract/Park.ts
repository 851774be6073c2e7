/**
 * What `onFailure` of a required subscriber does with deliveries that fail for good: it stores their events. Made by `park`.
 * @see node_modules/rx-event-broker/docs/broker/park.md
 */
export interface Park<in E> {
  /** Which strategy it is. */
  readonly strategy: 'park';
  /** The most events that may be parked for the subscriber. */
  readonly most: number;
  /** The key of an event, if it was given here. */
  readonly by: ((event: E) => unknown) | undefined;
}
