import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client, Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { from, lastValueFrom, toArray, type Observable } from 'rxjs';
import type { BlockStore } from '../../../lib/store/BlockStore.js';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { storeContract } from '../../../lib/testing/storeContract.js';
import { blockEvents, CHAIN_ID, chainOf, timeOf, type ChainEvent } from '../chainOf.js';
import { newDatabase, type Database } from './database.js';
import { position, refuse, sqlUnderTest } from './sqlUnderTest.js';
import { tableKeysSuite } from './tableKeysSuite.js';
import { tableValuesSuite } from './tableValuesSuite.js';
import { tableWriterSuite } from './tableWriterSuite.js';
import type { Suite } from './writerOn.js';

// real databases, on machines that do other things besides
jest.setTimeout(30_000);

let database: Database | undefined;
let client: Client;

beforeAll(async () => {
  database = await newDatabase();
  if (database !== undefined) client = await database.connect();
}, 60_000);
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

const onPostgres = (name: string, body: () => Promise<void>): void => {
  test(name, async () => {
    if (database !== undefined) await body();
  });
};
/** A schema of its own for a test. */
let schemas = 0;
const inSchema = async (on = client): Promise<string> => {
  const schema = `s${++schemas}`;
  await on.query(`create schema ${schema}`);
  await on.query(`set search_path to ${schema}`);
  return schema;
};
const all = <T>(stream$: Observable<T>): Promise<T[]> => lastValueFrom(stream$.pipe(toArray()), { defaultValue: [] });
const store = (events: readonly ChainEvent[], into: BlockStore<SqlClient>, next = insert) =>
  all(
    storeBlocks<ChainEvent, SqlClient, readonly ['Row']>(from(events), {
      chainId: CHAIN_ID,
      store: into,
      blockMark: event => event,
      subscribers: [{ types: ['Row'], next }],
    }),
  );
const insert = ({ value }: ChainEvent, sql: SqlClient): Promise<unknown> =>
  sql.query('insert into kept values ($1)', [value]);
const makeKept = () => client.query('create table kept (value integer primary key)');
const rowsOf = async (sql: string, on: SqlClient = client): Promise<unknown[]> => (await on.query(sql)).rows;

describe('the contract', () => storeContract({ test: onPostgres, open: () => sqlUnderTest(client), refuse, position }));
describe('S18a S18b S18c S18d the contract, fenced', () => {
  storeContract({
    test: onPostgres,
    open: () => sqlUnderTest(client, { fence: true, name: 'fenced' }),
    refuse,
    position,
  });
});

describe('tableWriter', () => {
  const suite: Suite<Client> = {
    test: onPostgres,
    client: () => client,
    copy: (sql, into, text) => pipeline(Readable.from([text]), sql.query(copyFrom(`copy ${into} from stdin`))),
  };
  tableWriterSuite(suite);
  tableKeysSuite(suite);
  tableValuesSuite(suite);
});

describe('sqlBlockStore', () => {
  onPostgres('S2b S2c S2d a block is a row: height, hash, time to the microsecond; the twins share one', async () => {
    await inSchema();
    await makeKept();
    await store(chainOf([{}, {}]), sqlBlockStore(client));
    const micros = `(extract(epoch from time) * 1000000)::bigint::text as time`;
    expect(await rowsOf(`select height::int, hash, ${micros} from block_store_blocks order by height`)).toEqual([
      { height: 1, hash: 'ab1', time: String(timeOf(1) / 1000n) },
      { height: 2, hash: 'ab2', time: String(timeOf(2) / 1000n) },
    ]);
  });

  onPostgres(
    'the statements of a block are prepared once a schema, whatever the number of stores on a connection',
    async () => {
      const prepared = `select count(*)::int as count from pg_prepared_statements where name like 'block_store_%'`;
      const own = await database!.connect();
      for (const [i, heights] of [[1, 2], [1]].entries()) {
        await inSchema(own);
        await own.query('create table kept (value integer)');
        for (const height of heights) await store(blockEvents(height), sqlBlockStore(own));
        expect(await rowsOf(prepared, own)).toEqual([{ count: i + 1 }]);
        expect(await rowsOf('select count(*)::int as count from block_store_blocks', own)).toEqual([
          { count: heights.length },
        ]);
      }
      await own.end();
    },
  );

  onPostgres('S7d COMMIT that answers ROLLBACK is an error, never a committed block', async () => {
    await inSchema();
    await makeKept();
    const swallow = (event: ChainEvent, sql: SqlClient) =>
      event.height === 2 ? sql.query('select no_such_thing').catch(() => undefined) : insert(event, sql);
    await expect(store(chainOf([{}, {}]), sqlBlockStore(client), swallow)).rejects.toMatchObject({
      name: 'BlockFailedError',
      operation: 'commit',
      height: 2,
      cause: { name: 'CommitRefusedError', found: 'ROLLBACK' },
    });
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 1 });
  });

  onPostgres('S7d so it is for a client that does not tell what its statements came to', async () => {
    await inSchema();
    await makeKept();
    const mute: SqlClient = { query: async (text, values) => ({ rows: (await client.query(text, values)).rows }) };
    const swallow = (_event: ChainEvent, sql: SqlClient) => sql.query('select no_such_thing').catch(() => undefined);
    await expect(store(chainOf([{}]), sqlBlockStore(mute), swallow)).rejects.toMatchObject({
      operation: 'commit',
      cause: { name: 'CommitRefusedError', found: 'a failed transaction' },
    });
    expect(await store(chainOf([{}]), sqlBlockStore(mute))).toHaveLength(2);
  });

  for (const end of ['commit', 'rollback', 'rollback; begin'])
    onPostgres(`S7h a subscriber that ends the transaction fails its block: ${end}`, async () => {
      await inSchema();
      await makeKept();
      const ends = (event: ChainEvent, sql: SqlClient) => (event.height === 2 ? sql.query(end) : insert(event, sql));
      await expect(store(chainOf([{}, {}, {}]), sqlBlockStore(client), ends)).rejects.toMatchObject({
        operation: 'commit',
        height: 2,
        cause: { name: 'CommitRefusedError', found: 'a transaction that a subscriber has ended' },
      });
    });

  onPostgres(
    'S3 materialised views: all of the schema in the order in which they were made, or those named',
    async () => {
      const schema = await inSchema();
      await makeKept();
      await client.query('create materialized view zz_total as select coalesce(sum(value), 0)::int as sum from kept');
      await client.query('create materialized view aa_double as select sum * 2 as double from zz_total');
      await store(blockEvents(1, { rows: 1, epoch: true }), sqlBlockStore(client));
      expect(await rowsOf('select double from aa_double')).toEqual([{ double: 2000 }]);

      await store(blockEvents(2, { rows: 1, epoch: true }), sqlBlockStore(client, { views: [`${schema}.zz_total`] }));
      expect(await rowsOf('select sum, double from zz_total, aa_double')).toEqual([{ sum: 3000, double: 2000 }]);
    },
  );

  onPostgres('S3d S7 a refresh that fails says so; the block is stored, and not emitted', async () => {
    await inSchema();
    await makeKept();
    const into = sqlBlockStore(client, { views: ['not there'] });
    await expect(store(blockEvents(1, { epoch: true }), into)).rejects.toMatchObject({
      operation: 'refreshViews',
      height: 1,
      message: expect.stringContaining('relation "not there" does not exist'),
    });
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 1 });
  });

  onPostgres('S1 a second writer is refused, whoever comes first', async () => {
    const schema = await inSchema();
    await makeKept();
    const other = await database!.connect();
    await other.query(`set search_path to ${schema}`);
    const [a, b] = [sqlBlockStore(client), sqlBlockStore(other)];
    await a.progress();
    await b.progress();
    const [inA, inB] = [await a.begin(), await b.begin()];
    const block = { height: 1, hash: 'aa', time: 0n };
    await a.add(inA, block);
    // waits for the transaction of the first; its answer may come before that of the commit
    const late = expect(b.add(inB, block)).rejects.toMatchObject({ name: 'StoreConflictError', height: 1 });
    await a.commit(inA, 0);
    await late;
    await b.rollback(inB);
    await other.end();
  });

  onPostgres('two who make the tables at once do not meet', async () => {
    const schema = await inSchema();
    const others = await Promise.all([1, 2, 3].map(() => database!.connect()));
    await Promise.all(others.map(one => one.query(`set search_path to ${schema}`)));
    const found = await Promise.all(others.map(one => sqlBlockStore(one).progress()));
    expect(found).toEqual([undefined, undefined, undefined]);
    await Promise.all(others.map(one => one.end()));
  });

  onPostgres('tables of another version are refused', async () => {
    await inSchema();
    await sqlBlockStore(client).progress();
    await client.query('update block_store_version set version = 3');
    await expect(sqlBlockStore(client).progress()).rejects.toThrow(
      'block_store_version: expected version 2 of the tables block_store_*, found 3',
    );
    await client.query('delete from block_store_version');
    await expect(sqlBlockStore(client).progress()).rejects.toMatchObject({ expected: 2, found: undefined });
  });

  test('a pool is rejected', () => {
    expect(() => sqlBlockStore(new Pool())).toThrow(
      'client: expected one connection, such as a Client or a PoolClient',
    );
  });

  test('a missing database', async () => {
    const nowhere = new Client({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    nowhere.on('error', () => undefined);
    await expect(nowhere.connect()).rejects.toThrow('ECONNREFUSED');
    await expect(store(chainOf([{}]), sqlBlockStore(nowhere))).rejects.toMatchObject({
      name: 'BlockFailedError',
      operation: 'progress',
    });
  });

  onPostgres('S7 a connection that is cut in a block: an error that says so, nothing half stored', async () => {
    const schema = await inSchema();
    await makeKept();
    const doomed = await database!.connect();
    await doomed.query(`set search_path to ${schema}`);
    const cut = async (event: ChainEvent, sql: SqlClient) => {
      if (event.height === 2) {
        const [{ pid }] = (await rowsOf('select pg_backend_pid() as pid', sql)) as [{ pid: number }];
        await client.query('select pg_terminate_backend($1)', [pid]);
      }
      return insert(event, sql);
    };
    const into = sqlBlockStore(doomed);
    await expect(store(chainOf([{}, {}]), into, cut)).rejects.toMatchObject({
      name: 'BlockFailedError',
      operation: 'next',
      height: 2,
    });
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 1 });
    expect(await rowsOf('select value from kept order by value')).toEqual([{ value: 1000 }, { value: 1500 }]);
    await expect(store(chainOf([{}, {}]), into)).rejects.toMatchObject({
      operation: 'progress',
      cause: { message: 'a rollback has failed: this connection cannot be used any more' },
    });
    expect(await store(chainOf([{}, {}]), sqlBlockStore(client))).toHaveLength(1);
  });
});
