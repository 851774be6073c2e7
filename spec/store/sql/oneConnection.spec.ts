import { describe, expect, jest } from '@jest/globals';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { from, lastValueFrom, toArray } from 'rxjs';
import type { BlockSubscriber } from '../../../lib/store/BlockSubscriber.js';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { tableWriter } from '../../../lib/store/sql/tableWriter.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, chainOf, type ChainEvent } from '../chainOf.js';
import { onPostgres } from './onPostgres.js';

const { test: onServer, admin, newSchema, connect } = onPostgres();
type Subscriber = BlockSubscriber<ChainEvent, 'Row', Client>;

const copy = (client: Client, into: string, text: string): Promise<void> =>
  pipeline(Readable.from([text]), client.query(copyFrom(`copy ${into} from stdin`)));
const store = (
  events: readonly ChainEvent[],
  client: Client,
  subscribers: readonly Subscriber[],
  onFailure: 'stop' | 'continue' = 'stop',
) =>
  lastValueFrom(
    storeBlocks<ChainEvent, Client, readonly 'Row'[]>(from(events), {
      chainId: CHAIN_ID,
      store: sqlBlockStore(client),
      blockMark: event => event,
      subscribers,
      onFailure,
    }).pipe(toArray()),
    { defaultValue: [] },
  );
const rowsOf = async (sql: string): Promise<unknown[]> => (await admin().query<Record<string, unknown>>(sql)).rows;

/** The library once more, as a program has it that holds an ES module and a CommonJS copy. */
const secondCopy = (): { readonly tableWriter: typeof tableWriter; readonly sqlBlockStore: typeof sqlBlockStore } => {
  let copy: unknown;
  jest.isolateModules(() => {
    copy = jest.requireActual('../../../lib/sql.js');
  });
  return copy as ReturnType<typeof secondCopy>;
};

describe('two copies of the library on one connection', () => {
  for (const [how, more] of [
    ['prepared statements', {}],
    ['staging tables', { copy, copyFrom: 1 }],
  ] as const) {
    onServer(`S3 S13d ${how} do not meet`, async () => {
      const schema = await newSchema('create table a (x integer unique)', 'create table b (y text unique, z text)');
      const client = await connect(schema);
      const other = secondCopy();
      expect(other.tableWriter).not.toBe(tableWriter);
      const shared = { types: ['Row'] as const, ...more };
      await store(chainOf([{ rows: 2 }, {}]), client, [
        tableWriter<ChainEvent, 'Row', Client>({
          ...shared,
          table: 'a',
          columns: ['x'],
          keys: ['x'],
          rowsOf: ({ value }) => [[value]],
        }),
        other.tableWriter<ChainEvent, 'Row', Client>({
          ...shared,
          table: 'b',
          columns: ['y', 'z'],
          keys: ['y'],
          rowsOf: ({ value }) => [[value, 'z']],
        }),
      ]);
      await client.end();
      expect(await rowsOf('select x from a order by x')).toEqual([1000, 1001, 1500, 1501, 2000].map(x => ({ x })));
      expect(await rowsOf('select count(*)::int as n from b')).toEqual([{ n: 5 }]);
    });
  }
});

describe('schemas', () => {
  const insert: Subscriber = {
    types: ['Row'],
    next: ({ value }, sql) => sql.query('insert into t values ($1)', [value]),
  };

  onServer('S1 each schema has a store of its own, also where the search path goes on to another one', async () => {
    const one = await newSchema('create table t (n integer)');
    const two = await newSchema('create table t (n integer)');
    const first = await connect(one);
    await store(chainOf([{}, {}]), first, [insert]);
    await first.end();
    const second = await connect(`${two},${one}`);
    expect(await store(chainOf([{}]), second, [insert])).toHaveLength(2);
    await second.end();
    const progress = (schema: string) => `(select height::int from ${schema}.block_store_progress) as ${schema}`;
    expect(await rowsOf(`select ${progress(one)}, ${progress(two)}`)).toEqual([{ [one]: 2, [two]: 1 }]);
  });

  onServer('S1 S3 the store keeps to its schema, whatever a subscriber does to the search path', async () => {
    const one = await newSchema('create table t (n integer)');
    await admin().query('create materialized view total as select count(*)::int as n from t');
    const two = await newSchema();
    const client = await connect(one);
    const straying: Subscriber = {
      ...insert,
      flush: sql => sql.query(`set search_path to ${two}`),
      beginBlock: () => void client.query(`set search_path to ${one}`),
    };
    await store([...blockEvents(1), ...blockEvents(2, { epoch: true })], client, [straying]);
    expect(await sqlBlockStore(client).progress()).toBeUndefined();
    await client.query(`set search_path to ${one}`);
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 2 });
    await client.end();
    expect(await rowsOf(`select n from ${one}.total`)).toEqual([{ n: 2 }]);
  });

  onServer('S1 a search path without a schema is the error of the database', async () => {
    const client = await connect('nowhere');
    await expect(sqlBlockStore(client).progress()).rejects.toMatchObject({ code: '3F000' });
    await client.end();
  });
});

onServer('S1 parsers of the program for numbers, booleans and arrays change nothing', async () => {
  const schema = await newSchema('create table t (n integer, list text[])');
  const isText = (oid: number): boolean => oid === 25;
  const parsers = {
    getTypeParser: (oid: number) => (text: unknown) => (isText(oid) ? text : 'odd'),
  };
  const client = await connect(schema, '', { types: parsers });
  const writer = tableWriter<ChainEvent, 'Row', Client>({
    types: ['Row'],
    table: 't',
    columns: ['n', 'list'],
    keys: ['n'],
    rowsOf: ({ value }) => [[value, ['a', 'b']]],
  });
  await admin().query('alter table t add unique (n)');
  const chain = chainOf([{}, { epoch: true }]);
  expect(await store(chain, client, [writer])).toHaveLength(3);
  expect(await store([...chain, ...blockEvents(3)], client, [writer])).toHaveLength(1);
  await client.end();
  expect(await rowsOf('select n, list[2] as b from t order by n')).toEqual(
    [1000, 1500, 2000, 3000].map(n => ({ n, b: 'b' })),
  );
});

onServer('S13a keys are compared as the collation of their column has it', async () => {
  const schema = await newSchema(
    `create collation no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
    'create table t (k text collate no_case unique, n integer)',
  );
  const client = await connect(schema);
  for (const [i, more] of [{}, { copy, copyFrom: 1 }].entries()) {
    const writer = tableWriter<ChainEvent, 'Row', Client>({
      types: ['Row'],
      table: 't',
      columns: ['k', 'n'],
      keys: ['k'],
      rowsOf: ({ value }) => [[value % 2 === 0 ? 'key' : 'KEY', value]],
      ...more,
    });
    await store(blockEvents(i + 1, { rows: 2 }), client, [writer]);
    expect(await rowsOf('select n from t')).toEqual([{ n: (i + 1) * 1000 + 1 }]);
  }
  await client.end();
});

onServer('S13b S13c what a go through the staging table costs does not grow with those before it', async () => {
  const schema = await newSchema('create table t (k integer unique)');
  const client = await connect(schema);
  const writer = tableWriter<ChainEvent, 'Row', Client>({
    types: ['Row'],
    table: 't',
    columns: ['k'],
    keys: ['k'],
    rowsOf: ({ value }) => [[value]],
    copy: async (sql, into, text) => {
      await copy(sql, into, text);
      const [staging = ''] = into.split(' ');
      const { rows } = await sql.query<{ n: number }>(`select count(*)::int as n from ${staging}`);
      staged.push(rows[0]?.n ?? 0);
    },
    copyFrom: 1,
    maxRows: 10,
  });
  const staged: number[] = [];
  await store([...blockEvents(1, { rows: 45 }), ...blockEvents(2, { rows: 15 })], client, [writer]);
  await client.end();
  expect(staged).toEqual([10, 10, 10, 10, 5, 10, 5]);
});

onServer('L1 two stores on one connection take turns', async () => {
  const schema = await newSchema('create table t (n integer)');
  const client = await connect(schema);
  const insert: Subscriber = {
    types: ['Row'],
    next: ({ value }, sql) => sql.query('insert into t values ($1)', [value]),
  };
  const chain = chainOf([{}, {}]);
  const heights = await Promise.all([
    store(chain, client, [insert]),
    store([...chain, ...blockEvents(3)], client, [insert]),
  ]);
  expect(heights.map(({ length }) => length)).toEqual([3, 1]);
  await client.end();
  expect(await rowsOf('select n from t order by n')).toEqual([1000, 1500, 2000, 3000].map(n => ({ n })));
});

onServer('S3 S12 a table that was changed is looked at again, and its rows are no bad ones', async () => {
  const schema = await newSchema('create table t (n integer unique, v integer)');
  for (const [onFailure, more] of [
    ['stop', {}],
    ['continue', {}],
    ['stop', { copy, copyFrom: 1 }],
    ['continue', { copy, copyFrom: 1 }],
  ] as const) {
    await admin().query('truncate t; alter table t alter v type integer using null');
    await admin().query('drop table if exists block_store_version, block_store_progress, block_store_blocks');
    const client = await connect(schema);
    const writer = tableWriter<ChainEvent, 'Row', Client>({
      types: ['Row'],
      table: 't',
      columns: ['n', 'v'],
      keys: ['n'],
      rowsOf: ({ value }) => [[value, value === 1000 ? 1 : 'text']],
      ...more,
    });
    await store(blockEvents(1), client, [writer]);
    await admin().query('alter table t alter v type text');
    if (onFailure === 'stop')
      await expect(store(blockEvents(2), client, [writer])).rejects.toMatchObject({ operation: 'flush' });
    expect(await store(blockEvents(2), client, [writer], onFailure)).toHaveLength(1);
    await client.end();
    expect(await rowsOf('select v from t order by n')).toEqual([{ v: '1' }, { v: 'text' }]);
  }
});

onServer('S3 a row is stored as it was given, and the columns as they were named', async () => {
  const schema = await newSchema('create table t (n integer, v integer)');
  const client = await connect(schema);
  const columns = ['n', 'v'];
  const row = [0, 0];
  const writer = tableWriter<ChainEvent, 'Row', Client>({
    types: ['Row'],
    table: 't',
    columns,
    rowsOf: ({ value }) => {
      row[0] = value;
      return [row];
    },
  });
  columns.pop();
  await store(blockEvents(1, { rows: 3 }), client, [writer]);
  await client.end();
  expect(await rowsOf('select n, v from t order by n')).toEqual([1000, 1001, 1002].map(n => ({ n, v: 0 })));
});
