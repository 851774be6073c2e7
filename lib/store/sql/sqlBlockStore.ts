import { checkOptions } from '../../flow/contract/options.js';
import type { BlockProgress } from '../blocks.js';
import type { BlockStore } from '../BlockStore.js';
import { StoreConflictError } from '../errors.js';
import { checkClient } from './checkClient.js';
import { CommitRefusedError } from './errors.js';
import { isBadRow } from './isBadRow.js';
import { names, quoteName } from './names.js';
import { type SqlClient, run } from './SqlClient.js';
import { sqlTime } from './sqlDate.js';
import { storeTables } from './storeTables.js';

/**
 * Options of `sqlBlockStore`.
 * @see node_modules/rx-event-broker/docs/store.md
 */
export interface SqlBlockStoreOptions {
  /**
   * The materialised views to refresh after a block with an epoch update, in this order. Default: all in the first
   * schema of the search path, in the order of their creation, so that a view comes after those it reads.
   */
  readonly views?: readonly string[];
}

/** Values as text, so that the result does not depend on how a driver parses a bigint or an array. */
const progressIn = (schema: string): string =>
  `select first_height::text as first, height::text as height, array_to_json(hashes)::text as hashes
  from ${schema}block_store_progress`;

/**
 * Updates the progress only if the block is the next one. The update locks the row, so of two writers one waits and is
 * then rejected. The row of the block is written only if the progress was updated.
 */
const addIn = (schema: string): string => `with moved as (
    insert into ${schema}block_store_progress as p (first_height, height, hashes)
    values ($1::bigint, $1::bigint, array[$2::text])
    on conflict (only_row) do update set
      height = $1::bigint,
      hashes = case when p.first_height = $1::bigint then p.hashes || $2::text else p.hashes end
    where p.height + 1 = $1::bigint
       or (p.height = $1::bigint and p.first_height = $1::bigint and p.hashes <> array[$2::text]
           and cardinality(p.hashes) = 1)
    returning height)
  insert into ${schema}block_store_blocks (height, hash, time)
  select height, $2::text, $3::timestamptz from moved
  on conflict (height) do update set hash = excluded.hash, time = excluded.time
  returning height::text as height, txid_current()::text as transaction`;

const VIEWS = `select (quote_ident(n.nspname) || '.' || quote_ident(c.relname))::text as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'm'
    and quote_ident(n.nspname) || '.' = coalesce(nullif($1, ''), quote_ident(current_schema()) || '.')
  order by c.oid`;

/**
 * Creates a block store in PostgreSQL or PGlite: one transaction per block, with the progress in it.
 *
 * **Use it** with a connection of its own: a `Client`, a `PoolClient` or a `PGlite`, never a pool. Subscribers get the
 * same client as their `tx`. Its tables `block_store_version`, `block_store_progress` and `block_store_blocks` are
 * created, if they do not exist, in the first schema of the search path.
 *
 * **Errors.** `CommitRefusedError`: COMMIT was answered with ROLLBACK. `StoreConflictError`: another writer was faster.
 * `SchemaVersionError`: tables of another version. `OptionError`: a pool. Otherwise the driver's own.
 *
 * **Gotchas.** A refresh locks its view against readers until it has finished. A `Client` of `pg` that loses its
 * connection emits `error`; without a listener that ends the process. With `pg` the statements of a block are prepared,
 * with names.
 *
 * @param client - One connection, used by nothing else.
 * @param options - Which views are refreshed; default: all.
 * @example
 * ```ts
 * const client = new Client();
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
export const sqlBlockStore = <C extends SqlClient>(client: C, options: SqlBlockStoreOptions = {}): BlockStore<C> => {
  checkClient(client);
  checkOptions('sqlBlockStore', options, { views: names });
  /** The schema of the tables, with its dot; known after `progress`. */
  let schema = '';
  let add = addIn(schema);
  /** Whether the client returns command tags; known after BEGIN. */
  let isTagged = true;
  /** The number of the open transaction; known after `add`. */
  let transaction: string | undefined;
  let broken: { readonly cause: unknown } | undefined;

  return {
    resource: client,
    async progress() {
      if (broken !== undefined)
        throw new Error('a rollback has failed: this connection cannot be used any more', broken);
      schema = await storeTables(client);
      add = addIn(schema);
      const { rows } = await client.query(progressIn(schema));
      return progressOf(rows);
    },
    async begin() {
      if (broken !== undefined)
        throw new Error('a rollback has failed: this connection cannot be used any more', broken);
      isTagged = (await client.query('begin')).command !== undefined;
      return client;
    },
    async add(_tx, { height, hash, time }) {
      const { rows } = await run(client, add, [String(height), hash, sqlTime(time)]);
      if (rows.length === 0) throw new StoreConflictError(height);
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
    async commit() {
      await checkOpen(client, transaction, isTagged);
      const { command = 'COMMIT' } = await client.query('commit');
      if (command.toUpperCase() !== 'COMMIT') throw new CommitRefusedError(command);
    },
    async rollback() {
      try {
        await client.query('rollback');
      } catch (cause) {
        broken = { cause };
        throw cause;
      }
    },
    async refreshViews() {
      for (const view of options.views?.map(quoteName) ?? (await viewsOf(client, schema))) {
        await client.query(`refresh materialized view ${view}`);
      }
    },
  };
};

const progressOf = (rows: readonly unknown[]): BlockProgress | undefined => {
  const row = (rows as readonly { readonly first: string; readonly height: string; readonly hashes: string }[])[0];
  if (row === undefined) return undefined;
  const hashes = JSON.parse(row.hashes) as readonly string[];
  return { firstHeight: Number(row.first), height: Number(row.height), hashes };
};

/**
 * Checks that the block's own transaction is still open. A failed transaction rejects every statement. If a subscriber
 * ended the transaction, with a COMMIT or ROLLBACK of its own, PostgreSQL would answer a further COMMIT without an error.
 */
const checkOpen = async (client: SqlClient, transaction: string | undefined, tagged: boolean): Promise<void> => {
  let rows: readonly unknown[];
  try {
    ({ rows } = await client.query('select txid_current_if_assigned()::text as transaction'));
  } catch (cause) {
    if (tagged) return; // the answer to COMMIT will say so
    throw new CommitRefusedError('a failed transaction', cause);
  }
  const [now] = rows as readonly { readonly transaction: string | null }[];
  if (now?.transaction !== transaction) throw new CommitRefusedError('a transaction that a subscriber has ended');
};

const viewsOf = async (client: SqlClient, schema: string): Promise<readonly string[]> => {
  const { rows } = await client.query(VIEWS, [schema]);
  return (rows as readonly { readonly name: string }[]).map(({ name }) => name);
};
