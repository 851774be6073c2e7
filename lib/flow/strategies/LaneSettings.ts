import type { Keyed } from './Keyed.js';

/** The settings of a mailbox with lanes. `note` returns the key and the size of a unit. */
export interface LaneSettings<U> {
  readonly concurrency: number;
  readonly maxAhead: number;
  readonly note: (unit: U) => Keyed;
}
