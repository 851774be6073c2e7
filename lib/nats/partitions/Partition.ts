import type { Observable } from 'rxjs';

/**
 * A partition that this process owns.
 * @see node_modules/rx-event-broker/docs/partitions.md
 */
export interface Partition {
  /** Its number, from 0. */
  readonly index: number;
  /** Raised by each owner: what is written with an older one is to be refused (promise J10). */
  readonly epoch: number;
  /** Emits once when the partition is to be given up: stop asking for more, settle what is in hand, and complete. */
  readonly stop$: Observable<void>;
}
