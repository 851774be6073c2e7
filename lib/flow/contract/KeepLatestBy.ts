/**
 * An `overflow` of an optional subscriber: only the latest event of each key waits. Made by `keepLatestBy`.
 * @see node_modules/rx-event-broker/docs/broker/keepLatestBy.md
 */
export interface KeepLatestBy<in E> {
  /** Which strategy it is. */
  readonly strategy: 'keepLatestBy';
  /** Returns the key of an event. */
  readonly key: (event: E) => unknown;
}
