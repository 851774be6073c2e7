import type { BlockStore } from '../store/BlockStore.js';

/**
 * The store under test, with the operations that the tests need.
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface StoreUnderTest<Tx> {
  /** The store. */
  readonly store: BlockStore<Tx>;
  /** Writes a value in the transaction, as a subscriber would. A value that is written twice must be kept twice. */
  put(tx: Tx, value: number): Promise<unknown>;
  /** Returns the committed values in any order. Called while no transaction is open. */
  values(): Promise<readonly number[]>;
  /** Opens the same data in a new store, as after a restart. The old store is not used again. */
  reopen(): Promise<StoreUnderTest<Tx>>;
  /** Closes the store. Called after the test. */
  close(): Promise<void>;
}
