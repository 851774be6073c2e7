import { expect } from '@jest/globals';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { commitBlock, type Chains } from './chainsSuite.js';
import { ADD_OF_VERSION_1, TABLES_OF_VERSION_1, VERSION_OF_VERSION_1 } from './tablesOfVersion1.js';

const BLOCKS = `select name, height::int as height, hash, extract(epoch from time)::text as time
  from block_store_blocks order by height`;

export const upgradeSuite = ({ test, fresh }: Chains): void => {
  test('S16a tables of version 1 are upgraded: progress and blocks are kept, and the chain continues', async () => {
    const client = await fresh();
    for (const statement of TABLES_OF_VERSION_1) await client.query(statement);
    const store = sqlBlockStore(client);
    expect(await store.progress()).toEqual({ firstHeight: 4, height: 6, hashes: ['ee4', 'ab4'] });
    expect(await store.position.read()).toBeUndefined();
    await commitBlock(store, 7);
    const other = sqlBlockStore(client, { name: 'other', fence: true });
    expect(await other.progress()).toBeUndefined();
    await commitBlock(other, 4);
    expect(await sqlBlockStore(client).progress()).toEqual({ firstHeight: 4, height: 7, hashes: ['ee4', 'ab4'] });
    const { rows } = await client.query(BLOCKS.replace('order by', `where height < 7 and name = '' order by`));
    expect(rows).toEqual([
      { name: '', height: 4, hash: 'ab4', time: '1700000000.123456' },
      { name: '', height: 5, hash: 'ab5', time: '1700000001.123456' },
      { name: '', height: 6, hash: 'ab6', time: '1700000002.123456' },
    ]);
  });

  test('S16a upgraded tables are those of a new database', async () => {
    const columns = `select table_name::text, column_name::text, data_type::text, is_nullable::text, column_default::text
      from information_schema.columns where table_schema = current_schema() and table_name like 'block_store_%'
      order by 1, 2`;
    const keys = `select conrelid::regclass::text as "table", pg_get_constraintdef(oid) as key from pg_constraint
      where connamespace = current_schema()::regnamespace and contype = 'p' order by 1`;
    const found = [];
    for (const statements of [[], TABLES_OF_VERSION_1]) {
      const client = await fresh();
      for (const statement of statements) await client.query(statement);
      await sqlBlockStore(client).progress();
      found.push({ columns: (await client.query(columns)).rows, keys: (await client.query(keys)).rows });
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[0]?.keys).toHaveLength(3);
  });

  test('S16b an upgrade that fails at a statement leaves the tables as they were', async () => {
    const client = await fresh();
    for (const statement of TABLES_OF_VERSION_1) await client.query(statement);
    let failures = 0;
    for (let at = 0, isUpgraded = false; !isUpgraded; at++) {
      let n = 0;
      const failing = {
        query: (text: string, values?: unknown[]) => {
          if (text !== 'rollback' && n++ === at) return Promise.reject(new Error('cut'));
          return client.query(text, values);
        },
      };
      try {
        await sqlBlockStore(failing).progress();
        isUpgraded = true;
      } catch (error) {
        expect(error).toMatchObject({ message: 'cut' });
        failures++;
        const [now] = (await client.query(VERSION_OF_VERSION_1)).rows as { version: string }[];
        // up to COMMIT nothing has changed; afterwards all of it has
        expect(now?.version).toBe(failures <= 12 ? '1' : '2');
      }
    }
    expect(failures).toBe(13);
    expect(await sqlBlockStore(client).progress()).toEqual({ firstHeight: 4, height: 6, hashes: ['ee4', 'ab4'] });
  });

  test('S16b a foreign key on the height of a block prevents the upgrade: nothing is changed', async () => {
    const client = await fresh();
    for (const statement of TABLES_OF_VERSION_1) await client.query(statement);
    await client.query('create table mine (height bigint references block_store_blocks (height))');
    await expect(sqlBlockStore(client).progress()).rejects.toMatchObject({ code: '2BP01' });
    expect((await client.query(VERSION_OF_VERSION_1)).rows).toEqual([{ version: '1' }]);
    await client.query('drop table mine');
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 6 });
  });

  test('S16d a program of version 1 that continues stores nothing more', async () => {
    const client = await fresh();
    for (const statement of TABLES_OF_VERSION_1) await client.query(statement);
    await client.query(ADD_OF_VERSION_1, ['7', 'ab7', '2023-11-14 22:13:23+00']);
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 7 });
    await expect(client.query(ADD_OF_VERSION_1, ['8', 'ab8', '2023-11-14 22:13:24+00'])).rejects.toThrow();
    // what it looks at when it starts again: it knows 1
    expect((await client.query(VERSION_OF_VERSION_1)).rows).toEqual([{ version: '2' }]);
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 7 });
  });

  test('S16e tables of a later version are rejected, and not changed', async () => {
    const client = await fresh();
    await sqlBlockStore(client).progress();
    await client.query('update block_store_version set version = 3');
    await expect(sqlBlockStore(client).progress()).rejects.toMatchObject({
      name: 'SchemaVersionError',
      expected: 2,
      found: 3,
    });
    expect((await client.query(VERSION_OF_VERSION_1)).rows).toEqual([{ version: '3' }]);
  });
};
