/**
 * An overflow of an optional subscriber: of each key, only the latest event waits. Made by `keepLatestBy`.
 * @see node_modules/rx-event-broker/docs/broker/keepLatestBy.md
 */
export interface KeepLatestBy<in E> {
  /** Which strategy it is. */
  readonly strategy: 'keepLatestBy';
  /** The key of an event. */
  readonly key: (event: E) => unknown;
}
