/** Events that a subscriber missed, one directly after the other (promise B3). */
export interface Gap<E> {
  /** How many, in events: each event of a dropped batch counts. */
  readonly count: number;
  /** `overflow`: they did not fit. `closed`: they still waited when the subscriber was closed. */
  readonly reason: 'overflow' | 'closed';
  readonly first: E;
  readonly last: E;
}
