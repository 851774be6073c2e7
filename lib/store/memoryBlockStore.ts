import type { PositionStore } from '../flow/contract/PositionStore.js';
import type { BlockProgress } from './blocks.js';
import type { BlockStore } from './BlockStore.js';
import { placeOfBlock, progressWith } from './progress.js';
import { StoreConflictError } from './errors.js';

/**
 * The transaction of a `memoryBlockStore`, for subscribers to write into. Writes are visible in the block immediately,
 * and elsewhere after the commit. As with a database, a subscriber that writes must return the Promise.
 */
export interface MemoryTx {
  /** The row with this key, or `undefined`. */
  get(table: string, key: string): unknown;
  /** Writes a row, replacing the one with the same key. */
  put(table: string, key: string, row: unknown): Promise<void>;
  /** Deletes a row, if there is one. */
  delete(table: string, key: string): Promise<void>;
}

/** A block store in memory, with access to its committed rows. */
export interface MemoryBlockStore extends BlockStore<MemoryTx> {
  /** The committed rows of a table, by key: a live view, empty if nothing has been written. */
  rows(table: string): ReadonlyMap<string, unknown>;
  /** The position of the source, kept with the blocks. Pass it to the source of the same `storeBlocks`. */
  readonly position: PositionStore;
}

/** A write that is not committed yet; `gone` if it deletes the row. */
interface Write {
  readonly table: string;
  readonly key: string;
  readonly row: unknown;
  readonly gone: boolean;
  /** The previous write to the same row. */
  readonly before: Write | undefined;
}

interface Draft extends MemoryTx {
  readonly writes: readonly Write[];
  /** Undoes all writes except the first `length`. */
  undoTo(length: number): void;
  added: BlockProgress | undefined;
}

/**
 * Creates a block store in memory, for tests of subscribers and as the reference for other stores. It keeps the progress
 * and what subscribers write. It keeps no row per block.
 *
 * ```text
 *   tables  ◄── commit: played back in order ── writes  w0 w1 w2 | w3 w4
 *                                                                └ a savepoint is a length; undoing truncates
 * ```
 * 1. `tables`, `committed` and `position` change only in `commit`, and together.
 * 2. At most one transaction is open.
 *
 * @example
 * ```ts
 * const store = memoryBlockStore();
 * storeBlocks(events$, {
 *   chainId: 'main',
 *   store,
 *   blockMark,
 *   subscribers: [rows],
 * }).subscribe({
 *   complete: () => console.log([...store.rows('orders')]),
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/store.md
 */
export const memoryBlockStore = (): MemoryBlockStore => {
  const tables = new Map<string, Map<string, unknown>>();
  let committed: BlockProgress | undefined;
  let open: Draft | undefined;
  let position: string | undefined;
  let follower: { readonly positionAt: (received: number) => string | undefined } | undefined;

  const tableOf = (name: string): Map<string, unknown> => {
    const table = tables.get(name) ?? new Map<string, unknown>();
    tables.set(name, table);
    return table;
  };

  const newDraft = (): Draft => {
    const writes: Write[] = [];
    /** The last write to each row of each table. */
    const last = new Map<string, Map<string, Write>>();
    const lastIn = (table: string): Map<string, Write> => {
      const found = last.get(table) ?? new Map<string, Write>();
      last.set(table, found);
      return found;
    };
    const write = (table: string, key: string, row: unknown, gone: boolean): Promise<void> => {
      const done = { table, key, row, gone, before: lastIn(table).get(key) };
      lastIn(table).set(key, done);
      writes.push(done);
      return Promise.resolve();
    };
    return {
      writes,
      added: undefined,
      undoTo(length) {
        while (writes.length > length) {
          const { table, key, before } = writes.pop()!;
          if (before === undefined) lastIn(table).delete(key);
          else lastIn(table).set(key, before);
        }
      },
      get(table, key) {
        const found = last.get(table)?.get(key);
        return found === undefined ? tables.get(table)?.get(key) : found.row;
      },
      put: (table, key, row) => write(table, key, row, false),
      delete: (table, key) => write(table, key, undefined, true),
    };
  };

  const draftOf = (tx: MemoryTx): Draft => {
    if (open === undefined || open !== tx) throw new Error('this transaction has ended');
    return open;
  };

  return {
    rows: tableOf,
    position: {
      read: () => Promise.resolve(position),
      follow: positionAt => {
        const mine = (follower = { positionAt });
        return () => {
          if (follower === mine) follower = undefined;
        };
      },
    },
    progress: () => Promise.resolve(committed),
    begin: () =>
      promised(() => {
        if (open !== undefined) throw new Error('another transaction is open');
        return (open = newDraft());
      }),
    add: (tx, { height, hash }) =>
      promised(() => {
        const draft = draftOf(tx);
        if (placeOfBlock(committed, height, height, hash) !== 'next') throw new StoreConflictError(height);
        draft.added = progressWith(committed, height, hash);
      }),
    async attempt(tx, work) {
      const draft = draftOf(tx);
      const savepoint = draft.writes.length;
      try {
        await work();
      } catch (error) {
        draft.undoTo(savepoint);
        throw error;
      }
    },
    commit: (tx, received) =>
      promised(() => {
        const { writes, added } = draftOf(tx);
        position = follower?.positionAt(received) ?? position;
        open = undefined;
        committed = added ?? committed;
        for (const { table, key, row, gone } of writes) {
          if (gone) tableOf(table).delete(key);
          else tableOf(table).set(key, row);
        }
      }),
    rollback: tx =>
      promised(() => {
        draftOf(tx);
        open = undefined;
      }),
    refreshViews: () => Promise.resolve(),
  };
};

/** Runs a synchronous step as a Promise: an error that it throws is a rejection. */
const promised = <T>(step: () => T): Promise<T> => new Promise(resolve => resolve(step()));
