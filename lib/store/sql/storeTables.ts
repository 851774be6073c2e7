import { SchemaVersionError } from './errors.js';
import { MAX_IDLE_BETWEEN } from './ownership.js';
import type { SqlClient } from './SqlClient.js';

/** The version of the tables below. Tables of version 1 are upgraded; those of any other version are rejected. */
export const TABLES_VERSION = 2;

/** The advisory lock for changing the tables, so that two programs do not do so at the same time. */
const LOCK = 4_727_236_015;

/** Limits the time between statements until the end of the transaction. A lower limit of the session stays. */
const LIMIT = `select set_config(name, least(${MAX_IDLE_BETWEEN}, nullif(setting::bigint, 0))::text, true)
  from pg_settings where name = 'idle_in_transaction_session_timeout'`;

/**
 * ```text
 *   block_store_version    one row    version
 *   block_store_progress   a name     first_height, height, hashes (of all blocks at the first height); null before the first
 *                                     block. epoch: how often an owner has taken the chain over. position: of the source
 *   block_store_blocks     a name,    hash, time; the two blocks at the first height share a row, with the later one's values
 *                          a height
 * ```
 */
const tablesIn = (schema: string): readonly string[] => [
  `create table ${schema}block_store_version (
     only_row boolean primary key default true check (only_row),
     version integer not null)`,
  `create table if not exists ${schema}block_store_progress (
     name text primary key default '',
     first_height bigint,
     height bigint,
     hashes text[],
     epoch bigint not null default 0,
     position text)`,
  `create table if not exists ${schema}block_store_blocks (
     name text not null default '',
     height bigint not null,
     hash text not null,
     time timestamptz not null,
     primary key (name, height))`,
  `insert into ${schema}block_store_version (version) values (${TABLES_VERSION})`,
];

/**
 * Upgrades from version 1, which had one chain and no epoch. `key` is the primary key of the blocks. The table of the
 * progress comes first, as in the statements of a block, so the upgrade and a writer of version 1 cannot deadlock.
 */
const upgradeIn = (schema: string, key: string): readonly string[] => [
  // the primary key of version 1 is the dropped column
  `alter table ${schema}block_store_progress
     drop column only_row,
     add column name text not null default '' primary key,
     alter column first_height drop not null,
     alter column height drop not null,
     alter column hashes drop not null,
     add column epoch bigint not null default 0,
     add column position text`,
  `alter table ${schema}block_store_blocks
     drop constraint ${key},
     add column name text not null default '',
     add primary key (name, height)`,
  `update ${schema}block_store_version set version = ${TABLES_VERSION}`,
];

/**
 * The first schema of the search path, in which tables are created. If there is none, the driver's own error follows. It
 * does not use `to_regclass`, which may still return its earlier result under the advisory lock.
 */
const SCHEMA = `select quote_ident(current_schema())::text as schema,
  exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relname = 'block_store_version')::text as there`;

const PRIMARY_KEY = `select quote_ident(conname)::text as name from pg_constraint
  where conrelid = to_regclass($1) and contype = 'p'`;

/**
 * Creates the store's tables if they do not exist, upgrades those of version 1, and checks their version. Returns the
 * schema as a prefix for table names, so that statements use these tables even if the search path changes.
 */
export const storeTables = async (client: SqlClient): Promise<string> => {
  const found = await schemaOf(client);
  const { schema } = found;
  let version = found.isThere ? await versionIn(client, schema) : undefined;
  if (!found.isThere || version === 1) {
    await changeTables(client, schema);
    version = await versionIn(client, schema);
  }
  if (version !== TABLES_VERSION) throw new SchemaVersionError(TABLES_VERSION, version);
  return schema;
};

const schemaOf = async (client: SqlClient): Promise<{ readonly schema: string; readonly isThere: boolean }> => {
  const [found] = (await client.query(SCHEMA)).rows as readonly {
    readonly schema: string | null;
    readonly there: string;
  }[];
  return { schema: typeof found?.schema === 'string' ? `${found.schema}.` : '', isThere: found?.there === 'true' };
};

const versionIn = async (client: SqlClient, schema: string): Promise<number | undefined> => {
  const { rows } = await client.query(`select version::text as version from ${schema}block_store_version`);
  const text = (rows as readonly { readonly version: string }[])[0]?.version;
  return text === undefined ? undefined : Number(text);
};

/**
 * Creates or upgrades the tables in one transaction. Another program may have been faster, so what to do is decided under
 * the lock. A program that stops while it holds the lock is disconnected, because all others wait for it.
 */
const changeTables = async (client: SqlClient, schema: string): Promise<void> => {
  await client.query('begin');
  try {
    await client.query(LIMIT);
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    const { isThere } = await schemaOf(client);
    if (!isThere) {
      for (const table of tablesIn(schema)) await client.query(table);
    } else if ((await versionIn(client, schema)) === 1) {
      const { rows } = await client.query(PRIMARY_KEY, [`${schema}block_store_blocks`]);
      const key = (rows as readonly { readonly name: string }[])[0]?.name ?? 'block_store_blocks_pkey';
      for (const change of upgradeIn(schema, key)) await client.query(change);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
};
