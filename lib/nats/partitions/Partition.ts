import type { Observable } from 'rxjs';

/**
 * A partition that this process owns.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface Partition {
  /** The number of the partition, from 0. */
  readonly index: number;
  /**
   * The fencing token: each owner has a higher epoch than the one before. Reject writes with an older epoch (promise J10: one
   * owner of a partition).
   */
  readonly epoch: number;
  /** Emits once when the partition must be released. Then stop reading, finish what is in flight, and complete. */
  readonly stop$: Observable<void>;
}
