/**
 * The message that reports a gap to a client: a run of events that it did not receive. Server and client can share this type.
 * @see node_modules/rx-event-broker/docs/web.md#gaps
 */
export interface Missed {
  /**
   * Why the events are missing. `overflow`: they did not fit into the buffer. `superseded`: later events with the same key replaced
   * them. `failed`: an event could not be encoded. `expired`: they were sent while the client was disconnected, and are no longer
   * kept. `closed`: they were still waiting when the subscriber was closed.
   */
  readonly reason: 'overflow' | 'superseded' | 'failed' | 'expired' | 'closed';
  /** How many events are missing. Absent if unknown. */
  readonly count?: number;
  /** The id of the first missing event, from `idOf`. Absent without `idOf`. */
  readonly first?: string | number;
  /** The id of the last missing event. Absent without `idOf`. */
  readonly last?: string | number;
}
