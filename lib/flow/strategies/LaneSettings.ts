import type { Keyed } from './Keyed.js';

/** How a mailbox with lanes works. */
export interface LaneSettings<U> {
  readonly concurrency: number;
  readonly maxAhead: number;
  readonly note: (unit: U) => Keyed;
}
