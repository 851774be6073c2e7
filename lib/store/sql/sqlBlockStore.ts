import type { PositionStore } from '../../flow/contract/PositionStore.js';
import { checkOptions, count, flag, type Check } from '../../flow/contract/options.js';
import type { StoredBlock } from '../blocks.js';
import type { BlockStore } from '../BlockStore.js';
import { checkClient } from './checkClient.js';
import { CommitRefusedError, ENDED_BY_SUBSCRIBER } from './errors.js';
import { isBadRow } from './isBadRow.js';
import { isStorable } from './isStorable.js';
import { materializedViews } from './materializedViews.js';
import { names, quoteName } from './names.js';
import { ownership } from './ownership.js';
import { refusal } from './refusal.js';
import { type SqlClient, run } from './SqlClient.js';
import { sqlTime } from './sqlDate.js';
import { storePosition } from './storePosition.js';
import { storeStatements } from './storeStatements.js';
import { storeTables } from './storeTables.js';

/**
 * Options of `sqlBlockStore`.
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface SqlBlockStoreOptions {
  /**
   * The name of the chain in these tables, for example of a partition. Chains with different names share nothing. At most
   * 200 bytes. Default `''`.
   */
  readonly name?: string;
  /**
   * Whether a new owner of the chain excludes the previous one. The new owner raises the epoch, and a block of an earlier
   * epoch is rejected with `FencedError`. Set it in all programs that write the chain. Default `false`: of two writers of
   * the same block, one gets `StoreConflictError`.
   */
  readonly fence?: boolean;
  /**
   * For `fence`: the server disconnects an owner that is idle inside a block for that many ms. Otherwise a stopped process
   * would keep its row locks. At least 1; `Infinity` for no limit. Default 120,000.
   */
  readonly maxIdleMs?: number;
  /**
   * The materialised views to refresh after a block with an epoch update, in this order. Default: all in the first
   * schema of the search path, in the order of their creation, so that a view comes after the views that it reads.
   */
  readonly views?: readonly string[];
}

/**
 * A block store in SQL, which also keeps the position of its source.
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface SqlBlockStore<C> extends BlockStore<C> {
  /**
   * Pass it to the source of the same `storeBlocks`. The position is committed with each block. `read` waits until this
   * subscription has read its progress. A position has at most 4 KiB of UTF-8.
   */
  readonly position: PositionStore;
}

const MAX_NAME = 200;
const aName: Check = {
  expected: `a text of at most ${MAX_NAME} bytes`,
  allows: value => isStorable(value, MAX_NAME),
};
const CHECKS = { name: aName, fence: flag, maxIdleMs: count(1), views: names };

/**
 * Creates a block store in PostgreSQL or PGlite: one transaction per block, with the progress in it.
 *
 * **Use it** with a connection of its own: a `Client`, a `PoolClient` or a `PGlite`, never a pool. Subscribers get the
 * same client as their `tx`. Its tables `block_store_version`, `block_store_progress` and `block_store_blocks` are
 * created, if they do not exist, in the first schema of the search path. Those of an earlier version are upgraded.
 *
 * **Several owners.** With `name`, each partition has a chain of its own. With `fence`, the last owner of a chain wins.
 * The previous owner stores nothing more, even if it wakes up inside a commit.
 *
 * **Errors.** `CommitRefusedError`: COMMIT was answered with ROLLBACK. `StoreConflictError`: another writer was faster.
 * `FencedError`: another owner has taken over. `SchemaVersionError`: tables of a later version. `OptionError`: a pool, or
 * an invalid option or position. Otherwise the driver's own.
 *
 * **Gotchas.** A refresh locks its view against readers until it has finished. A `Client` of `pg` that loses its
 * connection emits `error`; without a listener that ends the process. With `pg`, the statements of a block are named
 * prepared statements. With `fence`, the row in `block_store_blocks` is written at the end of its block.
 *
 * @param client - One connection, used by nothing else.
 * @param options - The chain, whether it is fenced, and which views are refreshed.
 * @example
 * ```ts
 * const client = new Client();
 * client.on('error', () => undefined);
 * await client.connect();
 * storeBlocks(source, {
 *   chainId: 'main',
 *   store: sqlBlockStore(client),
 *   blockMark,
 *   subscribers,
 * }).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/store.md
 */
export const sqlBlockStore = <C extends SqlClient>(client: C, options: SqlBlockStoreOptions = {}): SqlBlockStore<C> => {
  checkClient(client);
  const { name = '', fence = false, maxIdleMs = 120_000, views } = checkOptions('sqlBlockStore', options, CHECKS);
  const position = storePosition();
  const owner = ownership(client, name, fence ? maxIdleMs : undefined);
  /** The schema of the tables, with its dot; known after `progress`. */
  let schema = '';
  let sql = storeStatements(schema);
  /** Whether the client returns command tags; known after BEGIN. */
  let isTagged = true;
  /** The block of the open transaction and its number; known after `add`. */
  let block: readonly unknown[] = [];
  let transaction: string | undefined;
  let broken: { readonly cause: unknown } | undefined;

  const checkUsable = (): void => {
    if (broken !== undefined) throw new Error('a rollback has failed: this connection cannot be used any more', broken);
  };
  const refused = (height: unknown, within?: string): Promise<Error> =>
    refusal(client, sql.explain, { name, height: Number(height), epoch: owner.epoch, transaction: within });

  /** Checks the epoch and moves the progress. Called directly before COMMIT, so the row is locked for one round trip only. */
  const move = async (after: string | undefined): Promise<void> => {
    const values = [...block, name, owner.epoch, after ?? null, transaction, owner.idleInCommit];
    const { rows } = await run(client, sql.move, values);
    const [moved] = rows as readonly { readonly transaction: string | null }[];
    if (moved!.transaction === null) throw await refused(block[0], transaction);
  };

  return {
    resource: client,
    position: position.port,
    async progress() {
      position.loading();
      try {
        checkUsable();
        schema = await storeTables(client);
        sql = storeStatements(schema);
        const found = await owner.load(sql);
        position.loaded(found.position);
        return found.progress;
      } catch (error) {
        position.failed(error);
        throw error;
      }
    },
    async begin() {
      checkUsable();
      isTagged = (await client.query('begin')).command !== undefined;
      return client;
    },
    async add(_tx, { height, hash, time }: StoredBlock) {
      block = [String(height), hash, sqlTime(time)];
      const { rows } = fence
        ? await run(client, sql.look, [block[0], hash, name, owner.epoch, owner.idleInBlock])
        : await run(client, sql.add, [...block, name, owner.epoch]);
      if (rows.length === 0) throw await refused(height);
      transaction = (rows as readonly { readonly transaction: string }[])[0]!.transaction;
    },
    async attempt(_tx, work) {
      await client.query('savepoint block_store');
      try {
        await work();
      } catch (error) {
        await client.query('rollback to savepoint block_store');
        await client.query('release savepoint block_store');
        throw error;
      }
      await client.query('release savepoint block_store');
    },
    isBadRow,
    async commit(_tx, received) {
      const after = position.after(received);
      const isOpen = await isStillOpen(isTagged, () => (fence ? move(after) : checkOpen(client, transaction)));
      if (isOpen && !fence && after !== undefined) await client.query(sql.setPosition, [name, after]);
      const { command = 'COMMIT' } = await client.query('commit');
      if (command.toUpperCase() !== 'COMMIT') throw new CommitRefusedError(command);
      position.committed(after);
    },
    async rollback() {
      position.loading();
      try {
        await client.query('rollback');
      } catch (cause) {
        broken = { cause };
        throw cause;
      }
    },
    async refreshViews() {
      for (const view of views?.map(quoteName) ?? (await materializedViews(client, schema))) {
        await client.query(`refresh materialized view ${view}`);
      }
    },
  };
};

/**
 * Runs the last check of a block. Returns `false` if the transaction has failed, since every statement then fails, and the
 * answer to COMMIT says why. Throws in that case if the client does not return answers.
 */
const isStillOpen = async (tagged: boolean, check: () => Promise<void>): Promise<boolean> => {
  try {
    await check();
    return true;
  } catch (cause) {
    if ((cause as { readonly code?: unknown } | null)?.code !== FAILED_TRANSACTION) throw cause;
    if (!tagged) throw new CommitRefusedError('a failed transaction', cause);
    return false;
  }
};

/** The SQLSTATE of a statement in a transaction that has failed. */
const FAILED_TRANSACTION = '25P02';

/** Throws if a subscriber ended the transaction with its own COMMIT or ROLLBACK: PostgreSQL would not report an error. */
const checkOpen = async (client: SqlClient, transaction: string | undefined): Promise<void> => {
  const { rows } = await client.query('select txid_current_if_assigned()::text as transaction');
  const [now] = rows as readonly { readonly transaction: string | null }[];
  if (now?.transaction !== transaction) throw new CommitRefusedError(ENDED_BY_SUBSCRIBER);
};
