/**
 * What a client is told of events that it did not get: one message for a run of them. Both sides use this type.
 * @see node_modules/rx-event-broker/docs/web.md#gaps
 */
export interface Missed {
  /**
   * `overflow`: they did not fit. `superseded`: later events with their keys took their places. `failed`: an event could not
   * be encoded. `expired`: they were sent while the client was away, and are not kept any more. `closed`: they still waited
   * when the subscriber was closed.
   */
  readonly reason: 'overflow' | 'superseded' | 'failed' | 'expired' | 'closed';
  /** How many. Absent if that is not known. */
  readonly count?: number;
  /** The id of the first of them, as `idOf` gives it. Absent without `idOf`. */
  readonly first?: string | number;
  /** The id of the last of them. */
  readonly last?: string | number;
}
