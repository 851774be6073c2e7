/**
 * How many deliveries of a required subscriber are in flight at once. Made by `lanes`.
 * @see node_modules/rx-event-broker/docs/broker/lanes.md
 */
export interface Lanes<in E> {
  /** Which strategy it is. */
  readonly strategy: 'lanes';
  /** The most deliveries in flight. */
  readonly concurrency: number;
  /** How many events may have finished before the oldest unfinished one. */
  readonly maxAhead: number;
  /** The key of an event: of each key at most one is in flight. */
  readonly by: ((event: E) => unknown) | undefined;
}
