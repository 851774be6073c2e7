/**
 * A run of events that a subscriber missed, passed to `missed` and reported by `Dropped` (promise B3: nothing is
 * dropped silently).
 * @see node_modules/rx-event-broker/docs/notices.md
 */
export interface Gap<E> {
  /** The number of missed events. Each event of a dropped batch counts. */
  readonly count: number;
  /**
   * `overflow`: the events did not fit into the buffer. `superseded`: later events with the same keys replaced them
   * (`keepLatestBy`). `closed`: they were still pending when the subscriber was closed.
   */
  readonly reason: 'overflow' | 'superseded' | 'closed';
  /** The first event missed. */
  readonly first: E;
  /** The last event missed; the same as `first` if there is only one. */
  readonly last: E;
}
