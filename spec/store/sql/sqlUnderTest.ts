import type { PositionStore } from '../../../lib/flow/contract/PositionStore.js';
import type { BlockStore } from '../../../lib/store/BlockStore.js';
import { sqlBlockStore, type SqlBlockStore, type SqlBlockStoreOptions } from '../../../lib/store/sql/sqlBlockStore.js';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import type { StoreUnderTest } from '../../../lib/testing/StoreUnderTest.js';

let schemas = 0;

/** A store for the contract, in a schema of its own on the connection; `reopen` makes a new store on the same data. */
export const sqlUnderTest = async (
  client: SqlClient,
  options: SqlBlockStoreOptions = {},
): Promise<StoreUnderTest<SqlClient>> => {
  const schema = `contract_${++schemas}`;
  await client.query(`create schema ${schema}`);
  await client.query(`set search_path to ${schema}`);
  await client.query('create table kept (value integer)');
  await client.query('create materialized view total as select sum(value) from kept');
  const open = (): StoreUnderTest<SqlClient> => ({
    store: sqlBlockStore(client, options),
    put: (tx, value) => tx.query('insert into kept values ($1)', [value]),
    values: async () =>
      (await client.query('select value from kept')).rows.map(row => (row as { value: number }).value),
    reopen: async () => open(),
    close: async () => {
      await client.query(`drop schema ${schema} cascade`);
    },
  });
  return open();
};

export const refuse = (client: SqlClient): Promise<unknown> => client.query("insert into kept values ('no number')");

export const position = (store: BlockStore<SqlClient>): PositionStore => (store as SqlBlockStore<SqlClient>).position;
