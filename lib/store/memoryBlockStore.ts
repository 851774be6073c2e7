import type { BlockProgress } from './BlockProgress.js';
import type { BlockStore } from './BlockStore.js';
import { placeOfBlock, progressWith } from './placeOfBlock.js';
import { StoreConflictError } from './StoreConflictError.js';

/**
 * What a subscriber writes into, inside a block: seen at once in the block, and elsewhere after its commit. As with a
 * database, who writes returns the Promise of it.
 */
export interface MemoryTx {
  get(table: string, key: string): unknown;
  put(table: string, key: string, row: unknown): Promise<void>;
  delete(table: string, key: string): Promise<void>;
}

export interface MemoryBlockStore extends BlockStore<MemoryTx> {
  /** The committed rows of a table, by key: a live view, empty while nobody has written to it. */
  rows(table: string): ReadonlyMap<string, unknown>;
}

/** A write that is not committed yet; `gone` where it deletes. */
interface Write {
  readonly table: string;
  readonly key: string;
  readonly row: unknown;
  readonly gone: boolean;
}

interface Draft extends MemoryTx {
  readonly writes: Write[];
  added: BlockProgress | undefined;
}

/**
 * A block store in memory: the reference for others, and for tests of subscribers. It keeps rows and progress, no block
 * rows, so its size is that of what subscribers write.
 *
 * ```text
 *   tables  ◄── commit: played back in order ── writes  w0 w1 w2 | w3 w4
 *                                                                └ a savepoint is a length; undoing is cutting
 * ```
 * 1. `tables` and `committed` change in `commit` alone, and together.
 * 2. One transaction at most is open.
 */
export const memoryBlockStore = (): MemoryBlockStore => {
  const tables = new Map<string, Map<string, unknown>>();
  let committed: BlockProgress | undefined;
  let open: Draft | undefined;

  const tableOf = (name: string): Map<string, unknown> => {
    const table = tables.get(name) ?? new Map<string, unknown>();
    tables.set(name, table);
    return table;
  };

  const newDraft = (): Draft => {
    const writes: Write[] = [];
    return {
      writes,
      added: undefined,
      get(table, key) {
        const last = writes.findLast(write => write.table === table && write.key === key);
        return last === undefined ? tables.get(table)?.get(key) : last.row;
      },
      put(table, key, row) {
        writes.push({ table, key, row, gone: false });
        return Promise.resolve();
      },
      delete(table, key) {
        writes.push({ table, key, row: undefined, gone: true });
        return Promise.resolve();
      },
    };
  };

  const draftOf = (tx: MemoryTx): Draft => {
    if (open === undefined || open !== tx) throw new Error('expected the open transaction, found one that has ended');
    return open;
  };

  return {
    rows: tableOf,
    progress: () => Promise.resolve(committed),
    begin: () =>
      promised(() => {
        if (open !== undefined) throw new Error('expected no open transaction, found one');
        return (open = newDraft());
      }),
    add: (tx, { height, hash }) =>
      promised(() => {
        const draft = draftOf(tx);
        if (placeOfBlock(committed, height, height, hash) !== 'next') throw new StoreConflictError(height);
        draft.added = progressWith(committed, height, hash);
      }),
    async attempt(tx, work) {
      const { writes } = draftOf(tx);
      const savepoint = writes.length;
      try {
        await work();
      } catch (error) {
        writes.length = savepoint;
        throw error;
      }
    },
    commit: tx =>
      promised(() => {
        const { writes, added } = draftOf(tx);
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

/** A synchronous step as a Promise: what it throws is a rejection. */
const promised = <T>(step: () => T): Promise<T> =>
  new Promise(resolve => {
    resolve(step());
  });
