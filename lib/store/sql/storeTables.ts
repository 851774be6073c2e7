import { SchemaVersionError } from './SchemaVersionError.js';
import type { SqlClient } from './SqlClient.js';

/** The version of the tables below; another number is refused. */
export const TABLES_VERSION = 1;

/** Of the advisory lock under which the tables are made, so that two who come at once do not make them twice. */
const LOCK = 4_727_236_015;

/**
 * ```text
 *   block_store_version    one row    version
 *   block_store_progress   one row    first_height, height, hashes (of all blocks at the first height)
 *   block_store_blocks     a height   hash, time; the twins at the first height share a row, the later one's
 * ```
 */
const TABLES = [
  `create table if not exists block_store_version (
     only_row boolean primary key default true check (only_row),
     version integer not null)`,
  `create table if not exists block_store_progress (
     only_row boolean primary key default true check (only_row),
     first_height bigint not null,
     height bigint not null,
     hashes text[] not null)`,
  `create table if not exists block_store_blocks (
     height bigint primary key,
     hash text not null,
     time timestamptz not null)`,
  `insert into block_store_version (version) values (${String(TABLES_VERSION)}) on conflict do nothing`,
];

const exist = async (client: SqlClient): Promise<boolean> => {
  const { rows } = await client.query(`select to_regclass('block_store_version') is not null as there`);
  return (rows as readonly { readonly there: boolean }[])[0]?.there === true;
};

/** Makes the store's tables, in the first schema of the search path, where there are none; checks their version. */
export const storeTables = async (client: SqlClient): Promise<void> => {
  if (!(await exist(client))) await makeTables(client);
  const { rows } = await client.query('select version from block_store_version');
  const found = (rows as readonly { readonly version: number }[])[0]?.version;
  if (found !== TABLES_VERSION) throw new SchemaVersionError(TABLES_VERSION, found);
};

const makeTables = async (client: SqlClient): Promise<void> => {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(${String(LOCK)})`);
    for (const table of TABLES) await client.query(table);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
};
