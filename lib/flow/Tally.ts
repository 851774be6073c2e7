/**
 * What became of the events that a subscriber was offered, in events.
 *
 * `offered = delivered + failed + dropped + skipped + pending`, at every instant.
 */
export interface Tally {
  /** Dispatched while it was registered, of its types. */
  readonly offered: number;
  /** Its work on them is done. */
  readonly delivered: number;
  /** Its work on them failed for good, or was cut off when it was closed. */
  readonly failed: number;
  /** They did not fit, or still waited when it was closed. */
  readonly dropped: number;
  /** They came while `skip$` was true. */
  readonly skipped: number;
  /** They wait, or are in hand. */
  readonly pending: number;
}
