/**
 * How many deliveries of a required subscriber may be in flight at the same time. Made by `lanes`.
 * @see node_modules/rx-event-broker/docs/broker/lanes.md
 */
export interface Lanes<in E> {
  /** Which strategy it is. */
  readonly strategy: 'lanes';
  /** The most deliveries in flight. */
  readonly concurrency: number;
  /** The most events that may finish ahead of the oldest unfinished one. */
  readonly maxAhead: number;
  /** Returns the key of an event. Of each key at most one event is in flight. */
  readonly by: ((event: E) => unknown) | undefined;
}
