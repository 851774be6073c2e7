import { SchemaVersionError } from './errors.js';
import type { SqlClient } from './SqlClient.js';

/** The version of the tables below; tables of another version are rejected. */
export const TABLES_VERSION = 1;

/** The advisory lock for creating the tables, so that two programs do not create them at the same time. */
const LOCK = 4_727_236_015;

/**
 * ```text
 *   block_store_version    one row    version
 *   block_store_progress   one row    first_height, height, hashes (of all blocks at the first height)
 *   block_store_blocks     a height   hash, time; the two blocks at the first height share a row, with the later one's values
 * ```
 */
const tablesIn = (schema: string): readonly string[] => [
  `create table if not exists ${schema}block_store_version (
     only_row boolean primary key default true check (only_row),
     version integer not null)`,
  `create table if not exists ${schema}block_store_progress (
     only_row boolean primary key default true check (only_row),
     first_height bigint not null,
     height bigint not null,
     hashes text[] not null)`,
  `create table if not exists ${schema}block_store_blocks (
     height bigint primary key,
     hash text not null,
     time timestamptz not null)`,
  `insert into ${schema}block_store_version (version) values (${TABLES_VERSION}) on conflict do nothing`,
];

/** The first schema of the search path, in which tables are created. If there is none, the driver's own error follows. */
const SCHEMA = `select quote_ident(current_schema())::text as schema,
  (to_regclass(quote_ident(current_schema()) || '.block_store_version') is not null)::text as there`;

/**
 * Creates the store's tables if they do not exist, and checks their version. Returns the schema as a prefix for table
 * names, so that statements use these tables even if the search path changes.
 */
export const storeTables = async (client: SqlClient): Promise<string> => {
  const [found] = (await client.query(SCHEMA)).rows as readonly {
    readonly schema: string | null;
    readonly there: string;
  }[];
  const schema = typeof found?.schema === 'string' ? `${found.schema}.` : '';
  if (found?.there !== 'true') await makeTables(client, schema);
  const { rows } = await client.query(`select version::text as version from ${schema}block_store_version`);
  const text = (rows as readonly { readonly version: string }[])[0]?.version;
  const version = text === undefined ? undefined : Number(text);
  if (version !== TABLES_VERSION) throw new SchemaVersionError(TABLES_VERSION, version);
  return schema;
};

const makeTables = async (client: SqlClient, schema: string): Promise<void> => {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(${LOCK})`);
    for (const table of tablesIn(schema)) await client.query(table);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
};
