import type { BlockStore } from '../store/BlockStore.js';

/** A store, and what a test needs besides to look into it. */
export interface StoreUnderTest<Tx> {
  readonly store: BlockStore<Tx>;
  /** Writes a value in the transaction, as a subscriber would. The same value twice is there twice. */
  put(tx: Tx, value: number): Promise<unknown>;
  /** What was committed, in any order. Called while no transaction is open. */
  values(): Promise<readonly number[]>;
  /** The same data in a new store, as after a restart. The old store is not used again. */
  reopen(): Promise<StoreUnderTest<Tx>>;
  close(): Promise<void>;
}
