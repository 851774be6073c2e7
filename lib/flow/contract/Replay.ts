/**
 * Which events a broker keeps for late subscribers. Made by `replay`.
 * @see node_modules/rx-event-broker/docs/broker/replay.md
 */
export interface Replay<in E> {
  /** Which strategy it is. */
  readonly strategy: 'replay';
  /** The most events that are kept; `undefined`: the default. */
  readonly events: number | undefined;
  /** The most bytes that are kept; `undefined`: no bound in bytes. */
  readonly bytes: number | undefined;
  /** Returns the key of an event, if only the latest event of each key is kept. */
  readonly keepLatestBy: ((event: E) => unknown) | undefined;
}
