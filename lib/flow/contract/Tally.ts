/**
 * What happened to the events offered to a subscriber. All counts are in events.
 *
 * `offered = delivered + failed + dropped + skipped + pending`, at any time.
 *
 * @see node_modules/rx-event-broker/docs/broker/snapshot-and-notices.md
 */
export interface Tally {
  /** Events of its types, dispatched while it was registered. */
  readonly offered: number;
  /** Events whose work has finished. */
  readonly delivered: number;
  /** Events whose work failed for good, or was cut off when the subscriber was closed. */
  readonly failed: number;
  /** Events that did not fit into the buffer, or were still pending when the subscriber was closed. */
  readonly dropped: number;
  /** Events that arrived while `skip$` was `true`. */
  readonly skipped: number;
  /** Events in the backlog, including those of the delivery in flight. */
  readonly pending: number;
}
