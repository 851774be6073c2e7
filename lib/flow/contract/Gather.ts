/**
 * How a subscriber with `nextBatch` gathers events. Made by `gather`.
 * @see node_modules/rx-event-broker/docs/broker/gather.md
 */
export interface Gather {
  /** Which strategy it is. */
  readonly strategy: 'gather';
  /** The most events of one delivery. */
  readonly maxSize: number;
  /** How long an event may wait for others, in ms. */
  readonly maxWait: number;
}
