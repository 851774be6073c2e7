/**
 * A run of events that a subscriber missed, passed to `missed` and reported by `Dropped` (promise B3: nothing is
 * dropped silently).
 * @see node_modules/rx-event-broker/docs/notices.md
 */
export interface Gap<E> {
  /** How many events; each event of a dropped batch counts. */
  readonly count: number;
  /**
   * `overflow`: they did not fit into the buffer. `superseded`: later events with their keys took their places
   * (`keepLatestBy`). `closed`: they were still pending when the subscriber was closed.
   */
  readonly reason: 'overflow' | 'superseded' | 'closed';
  /** The first event missed. */
  readonly first: E;
  /** The last event missed; the same as `first` if there is only one. */
  readonly last: E;
}
