import { describe, expect } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { from, lastValueFrom, toArray } from 'rxjs';
import type { Notice } from '../../../lib/flow/contract/Notice.js';
import type { BlockSubscriber } from '../../../lib/store/BlockSubscriber.js';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { tableWriter } from '../../../lib/store/sql/tableWriter.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { CHAIN_ID, chainOf, type ChainEvent } from '../chainOf.js';
import { onPostgres } from './onPostgres.js';

const { test: onServer, admin, newSchema, connect } = onPostgres();

const chain = chainOf([{ rows: 3 }, { rows: 3 }]);
const values = chain.flatMap(({ type, value }) => (type === 'Row' ? [value] : [])).sort((a, b) => a - b);

const copy = (client: Client, into: string, text: string): Promise<void> =>
  pipeline(Readable.from([text]), client.query(copyFrom(`copy ${into} from stdin`)));
const writer = (more: { readonly copy?: typeof copy; readonly copyFrom?: number } = {}) =>
  tableWriter<ChainEvent, 'Row', Client>({
    types: ['Row'],
    table: 'kept',
    columns: ['n'],
    rowsOf: ({ value }) => [[value]],
    ...more,
  });

const store = (client: Client, subscriber: BlockSubscriber<ChainEvent, 'Row', Client>, notices: Notice[] = []) =>
  lastValueFrom(
    storeBlocks<ChainEvent, Client, readonly ['Row']>(from(chain), {
      chainId: CHAIN_ID,
      store: sqlBlockStore(client),
      blockMark: event => event,
      subscribers: [subscriber],
      onFailure: 'continue',
      notices: { next: notice => notices.push(notice) },
    }).pipe(toArray()),
    { defaultValue: [] },
  );

const kept = async (schema: string): Promise<readonly number[]> =>
  (await admin().query<{ n: number }>(`select n from ${schema}.kept order by n`)).rows.map(({ n }) => n);
const failures = (notices: readonly Notice[]) =>
  notices.flatMap(notice => (notice.type === 'Failed' && notice.subscriber.id > 0 ? [notice] : []));

/** The stream ends, no row is passed over, and once the trouble is over the next run stores all of them. */
const endsWhole = async (
  schema: string,
  client: Client,
  subscriber: BlockSubscriber<ChainEvent, 'Row', Client>,
  error: object,
  over: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> => {
  const notices: Notice[] = [];
  await expect(store(client, subscriber, notices)).rejects.toMatchObject(error);
  expect(failures(notices).flatMap(({ events }) => events)).toEqual([]);
  await over();
  await client.end().catch(() => undefined);
  const again = await connect(schema);
  await store(again, writer());
  await again.end();
  expect(await kept(schema)).toEqual(values);
};

describe('with continue, a failure that is not about a row ends the stream', () => {
  for (const [how, more] of [
    ['unnest', {}],
    ['COPY', { copy, copyFrom: 1 }],
  ] as const) {
    for (const [what, options, code] of [
      ['a lock timeout', '-c lock_timeout=50ms', '55P03'],
      ['a statement timeout', '-c statement_timeout=50ms', '57014'],
    ] as const) {
      onServer(`S7 S12d ${how}: ${what}`, async () => {
        const schema = await newSchema('create table kept (n integer)');
        const locker = await connect(schema);
        await locker.query('begin; lock table kept');
        const client = await connect(schema, options);
        await endsWhole(schema, client, writer(more), { operation: 'flush', cause: { code } }, () => locker.end());
      });
    }
  }

  onServer('S7 S12d a deadlock', async () => {
    const schema = await newSchema('create table kept (n integer)', 'create table other (n integer)');
    const [client, locker] = [await connect(schema, '-c deadlock_timeout=20ms'), await connect(schema)];
    await locker.query(`set deadlock_timeout = '1min'; begin; lock table kept`);
    let waiting: Promise<unknown> = Promise.resolve();
    const isWaiting = async (): Promise<void> => {
      const query = `select from pg_locks where not granted and relation = '${schema}.other'::regclass`;
      while ((await admin().query(query)).rows.length === 0);
    };
    const locks: BlockSubscriber<ChainEvent, 'Row', Client> = {
      ...writer(),
      next: async (_event, sql) => {
        await sql.query('lock table other');
        waiting = locker.query('lock table other');
        await isWaiting();
        await sql.query('insert into kept values (1)');
      },
    };
    await endsWhole(schema, client, locks, { operation: 'next', cause: { code: '40P01' } }, async () => {
      await waiting;
      await locker.end();
    });
  });

  onServer('S7 S12d a serialization failure, a privilege that is missing, a table that is gone', async () => {
    for (const [statement, code] of [
      [`do $$ begin raise exception 'again' using errcode = '40001'; end $$`, '40001'],
      [`do $$ begin raise exception 'full' using errcode = '53100'; end $$`, '53100'],
      [`do $$ begin raise exception 'no' using errcode = '42501'; end $$`, '42501'],
      ['insert into no_such_table values (1)', '42P01'],
    ] as const) {
      const schema = await newSchema('create table kept (n integer)');
      const client = await connect(schema);
      const flush = (sql: Client) => sql.query(statement);
      await endsWhole(schema, client, { ...writer(), flush }, { operation: 'flush', cause: { code } });
    }
  });

  onServer('S7 S12d a driver that waits no longer, a program that fails, a connection that is cut', async () => {
    const schema = await newSchema('create table kept (n integer)');
    const impatient = await connect(schema, '', { query_timeout: 100 });
    const sleeping = { ...writer(), flush: (sql: Client) => sql.query('select pg_sleep(0.3)') };
    await expect(store(impatient, sleeping)).rejects.toMatchObject({ cause: { message: 'Query read timeout' } });
    await impatient.end();

    const client = await connect(schema);
    const failing = { ...writer(), flush: () => Promise.reject(new TypeError('x is undefined')) };
    await expect(store(client, failing)).rejects.toMatchObject({ cause: { name: 'TypeError' } });
    await client.end();

    const doomed = await connect(schema);
    const cut = {
      ...writer(),
      flush: async (sql: Client) => {
        const { rows } = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
        await admin().query('select pg_terminate_backend($1)', [rows[0]?.pid]);
        await sql.query('insert into kept values (1)');
      },
    };
    await endsWhole(schema, doomed, cut, { name: 'BlockFailedError', height: 1, rollback: expect.any(Error) });
  });
});

describe('with continue, a failure about a row is announced with its event, and the other rows are kept', () => {
  for (const [how, more] of [
    ['unnest', {}],
    ['COPY', { copy, copyFrom: 1 }],
  ] as const) {
    const store1001Is = async (bad: string | null, ...tables: readonly string[]): Promise<void> => {
      const schema = await newSchema(...tables);
      const client = await connect(schema);
      const notices: Notice[] = [];
      const rows = tableWriter<ChainEvent, 'Row', Client>({
        types: ['Row'],
        table: 'kept',
        columns: ['n', 'v'],
        rowsOf: ({ value }) => [[value, value === 1001 ? bad : 'good']],
        ...more,
      });
      await store(client, rows, notices);
      await client.end();
      expect(await kept(schema)).toEqual(values.filter(n => n !== 1001));
      expect(failures(notices)).toMatchObject([{ events: [{ value: 1001 }] }]);
    };

    onServer(`S7 S12b ${how}: a constraint`, () => store1001Is(null, 'create table kept (n integer, v text not null)'));

    onServer(`S7 S12 ${how}: a trigger that raises an error`, () =>
      store1001Is(
        'bad',
        'create table kept (n integer, v text)',
        `create function refuse() returns trigger language plpgsql as $$
           begin if new.v = 'bad' then raise exception 'no such account'; end if; return new; end $$`,
        'create trigger refusing before insert on kept for each row execute function refuse()',
      ),
    );

    onServer(`S7 S12 ${how}: a value too large for its index`, () =>
      store1001Is(
        randomBytes(20_000).toString('hex'),
        'create table kept (n integer, v text)',
        'create index on kept (v)',
      ),
    );

    onServer(`S7 S12b ${how}: text that the database cannot hold`, () =>
      store1001Is('a\u0000b', 'create table kept (n integer, v text)'),
    );
  }
});
