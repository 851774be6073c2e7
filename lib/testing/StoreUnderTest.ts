import type { BlockStore } from '../store/BlockStore.js';

/**
 * A store, and what a test needs to look into it.
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface StoreUnderTest<Tx> {
  /** The store. */
  readonly store: BlockStore<Tx>;
  /** Writes a value in the transaction, as a subscriber would. Writing the same value twice keeps it twice. */
  put(tx: Tx, value: number): Promise<unknown>;
  /** The values that were committed, in any order. Called while no transaction is open. */
  values(): Promise<readonly number[]>;
  /** Opens the same data in a new store, as after a restart. The old store is not used again. */
  reopen(): Promise<StoreUnderTest<Tx>>;
  /** Closes the store, after the test. */
  close(): Promise<void>;
}
