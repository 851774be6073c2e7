import { expect, jest, test } from '@jest/globals';
import { Client } from 'pg';
import { defer, from, lastValueFrom, map, mergeMap, retry, tap, toArray } from 'rxjs';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { CHAIN_ID, chainOf, type ChainEvent } from '../chainOf.js';
import { newDatabase } from './database.js';
import { ownServer, postgresBinaries, type OwnServer } from './ownServer.js';

jest.setTimeout(60_000);

/** The recipe of docs/store.md: a connection a try, ended once the store has let it go. */
const storing = (
  url: string,
  events: readonly ChainEvent[],
  next: (event: ChainEvent, sql: Client) => Promise<unknown>,
  failed: (error: unknown) => void,
  found: (rows: readonly number[]) => void = () => undefined,
) => {
  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    found(await rowsIn(client));
    return client;
  };
  return defer(connect).pipe(
    mergeMap(client =>
      storeBlocks<ChainEvent, Client, readonly ['Row']>(from(events), {
        chainId: CHAIN_ID,
        store: sqlBlockStore(client),
        blockMark: event => event,
        subscribers: [{ types: ['Row'], next }],
        notices: {
          next: ({ type }) => {
            if (type === 'Released') void client.end();
          },
        },
      }),
    ),
    tap({ error: failed }),
    // 50 s and more: a server takes its time to recover on a busy machine
    retry({ delay: 50, count: 1000, resetOnSuccess: true }),
    map(({ height }) => height),
    toArray(),
  );
};

const rowsIn = async (client: Client): Promise<number[]> =>
  (await client.query<{ value: number }>('select value from kept order by value')).rows.map(({ value }) => value);
const valuesOf = (events: readonly ChainEvent[]) =>
  events.flatMap(({ type, value }) => (type === 'Row' ? [value] : [])).sort((a, b) => a - b);

const connectTo = async (url: string): Promise<Client> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

/** Kills the server in a row of block 3, and starts it again after the error. */
const killedInBlock3 = async (server: OwnServer): Promise<void> => {
  const first = await connectTo(server.url);
  await first.query('create table kept (value integer)');
  await first.end();
  const chain = chainOf([{}, {}, { rows: 3 }, {}]);
  let alive = true;
  let started: Promise<void> | undefined;
  const errors: unknown[] = [];
  const found: (readonly number[])[] = [];
  const heights = await lastValueFrom(
    storing(
      server.url,
      chain,
      async ({ value }, sql) => {
        const done = await sql.query('insert into kept values ($1)', [value]);
        if (value === 3001 && alive) {
          alive = false;
          server.kill();
          await sql.query('select 1');
        }
        return done;
      },
      error => {
        if (errors.push(error) === 1) started = server.start();
      },
      rows => found.push(rows),
    ),
  );
  // it answers before the command that started it has returned
  await started;
  expect(errors[0]).toMatchObject({ name: 'BlockFailedError', operation: 'next', height: 3, event: { value: 3001 } });
  // nothing half stored: 3000 and 3001 went with their block
  expect(found).toEqual([[], [1000, 1500, 2000]]);
  expect(heights).toEqual([1, 1, 2, 3, 4]);
  const client = await connectTo(server.url);
  expect(await rowsIn(client)).toEqual(valuesOf(chain));
  await client.end();
};

test('S7 S11 a server killed in the middle of a block: an error that says so; with retry it continues by itself', async () => {
  const binaries = postgresBinaries();
  if (binaries === undefined) {
    if (process.env['CI'] === 'true') throw new Error('expected the binaries of PostgreSQL, found none');
    console.warn('SKIPPED: no PostgreSQL binaries on this machine');
    return;
  }
  const server = await ownServer(binaries);
  try {
    await killedInBlock3(server);
  } finally {
    server.remove();
  }
});

test('S7 S11 connections that are cut repeatedly: with retry each block is stored once', async () => {
  const database = await newDatabase();
  if (database === undefined) return;
  const admin = await database.connect();
  try {
    await admin.query('create table kept (value integer)');
    const chain = chainOf([{}, { rows: 2 }, { rows: 2 }, {}]);
    const cutAt = new Set([1000, 2001, 3000, 3001]);
    let errors = 0;
    const heights = await lastValueFrom(
      storing(
        database.url,
        chain,
        async ({ value }, sql) => {
          if (cutAt.delete(value)) {
            const { rows } = await sql.query<{ pid: number }>('select pg_backend_pid() as pid');
            await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
          }
          return sql.query('insert into kept values ($1)', [value]);
        },
        () => errors++,
      ),
    );
    expect(errors).toBe(4);
    expect(heights).toEqual([1, 1, 2, 3, 4]);
    expect(await rowsIn(admin)).toEqual(valuesOf(chain));
  } finally {
    await admin.end();
    await database.drop();
  }
});
