import { describe, expect, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Client } from 'pg';
import { outboxSource } from 'rx-event-broker/sql';
import { onPostgres } from '../sql/onPostgres.js';
import { consumer, NOTIFY, OUTBOX, released } from './consumer.js';

jest.setTimeout(120_000);
// prepared transactions need a setting of the server
const { test, admin, newSchema, connect } = onPostgres({ isAlone: true });

type Row = { readonly id: string; readonly payload: string | null };

const ACCOUNTS = ['create table accounts (k int primary key)', 'insert into accounts select generate_series(0, 9)'];
const lockAccount = (client: Client, k: number) => client.query('select from accounts where k = $1 for update', [k]);
const insert = (client: Client, payload: string) => client.query('insert into outbox (payload) values ($1)', [payload]);

const reader = async (schema: string, options = {}, settles = true) => {
  const client = await connect(schema);
  const one = consumer<Row>({ settles });
  const source = outboxSource(client, { columns: ['payload'], notices: one.observer, pollEvery: 5, ...options });
  const leave = async (subscription: { unsubscribe(): void }): Promise<void> => {
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    await client.end();
  };
  return { ...one, open: () => one.open(source), leave };
};

/** Resolves when a connection of this database waits for a lock. */
const untilBlocked = async (): Promise<void> => {
  const blocked = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await admin().query(blocked)).rows.length === 0);
};

describe('X1b the order of a lock', () => {
  /**
   *     low     number 1 ──────────────── waits for the lock ── insert ── commit
   *     high    ── number 2, the lock ── insert ── commit
   */
  const interleave = async (schema: string): Promise<void> => {
    const [low, high] = [await connect(schema), await connect(schema)];
    await low.query('begin');
    await low.query('select pg_current_xact_id()');
    await high.query('begin');
    await lockAccount(high, 1);
    await insert(high, 'commits first');
    const waits = lockAccount(low, 1);
    await untilBlocked();
    await high.query('commit');
    await waits;
    await insert(low, 'commits second');
    await low.query('commit');
    await Promise.all([low.end(), high.end()]);
  };
  const withNumbers = OUTBOX.replace('payload', 'xid xid8 not null default pg_current_xact_id(), payload');

  test('X1b rows come in the order of the lock, not in that of the numbers of their transactions', async () => {
    const schema = await newSchema(withNumbers, ...ACCOUNTS);
    await interleave(schema);
    const byNumber = await admin().query<Row>('select payload from outbox order by xid, id');
    expect(byNumber.rows.map(({ payload }) => payload)).toEqual(['commits second', 'commits first']);
    const one = await reader(schema);
    const subscription = one.open();
    await one.until(() => one.received.length === 2);
    expect(one.payloads()).toEqual(['commits first', 'commits second']);
    await one.leave(subscription);
  });

  test('X1b the same when a reader queries at every moment', async () => {
    const schema = await newSchema(withNumbers, ...ACCOUNTS, ...NOTIFY);
    const one = await reader(schema, { pollEvery: 1 });
    const subscription = one.open();
    await interleave(schema);
    await one.until(() => one.received.length === 2);
    expect(one.payloads()).toEqual(['commits first', 'commits second']);
    await one.leave(subscription);
  });

  /** Two locks of rows, and an advisory one. */
  const KEYS = [0, 1, 2];
  const lock = (client: Client, key: number) =>
    key < 2 ? lockAccount(client, key) : client.query('select pg_advisory_xact_lock($1)', [key]);

  const transaction = fc.record({
    keys: fc.subarray(KEYS, { minLength: 1 }),
    isNumberedFirst: fc.boolean(),
    commits: fc.integer({ min: 0, max: 4 }).map(n => n > 0),
    /** How many of the rows that were given, in percent, are settled after it. */
    settles: fc.nat(100),
    pauses: fc.integer({ min: 0, max: 9 }).map(n => n === 0),
  });

  type Step = typeof transaction extends fc.Arbitrary<infer T> ? T : never;

  test('X1b X1e writers that share locks: each row once, and those of a lock in the order of the commits', async () => {
    const writers = 4;
    const plans = fc.array(fc.array(transaction, { minLength: 30, maxLength: 30 }), {
      minLength: writers,
      maxLength: writers,
    });
    const run = async (plan: readonly (readonly Step[])[]): Promise<void> => {
      const schema = await newSchema(OUTBOX, ...ACCOUNTS, ...NOTIFY);
      const one = await reader(schema, { batchSize: 5 }, false);
      const subscription = one.open();
      /** The last number of each lock; changed by who holds it, before the commit is sent. */
      const last = KEYS.map(() => 0);
      await Promise.all(
        plan.map(async steps => {
          const client = await connect(schema);
          for (const { keys, isNumberedFirst, commits, settles, pauses } of steps) {
            await client.query('begin');
            if (isNumberedFirst) await client.query('select pg_current_xact_id()');
            for (const key of keys) {
              await lock(client, key);
              await insert(client, `${key}:${last[key]! + 1}`);
            }
            if (commits) for (const key of keys) last[key]!++;
            await client.query(commits ? 'commit' : 'rollback');
            one.pause$.next(pauses);
            one.settle(Math.max(one.settlement.settled, Math.floor((one.received.length * settles) / 100)));
          }
          await client.end();
        }),
      );
      one.pause$.next(false);
      const count = last.reduce((sum, n) => sum + n, 0);
      await one.until(() => one.received.length >= count);
      one.settle(one.received.length);
      await one.leave(subscription);
      const of = (key: number) => one.payloads().filter(payload => payload?.startsWith(`${key}:`));
      expect(KEYS.map(of)).toEqual(KEYS.map(key => Array.from({ length: last[key]! }, (_, n) => `${key}:${n + 1}`)));
      expect((await admin().query('select from outbox')).rows.length).toBe(0);
    };
    await fc.assert(fc.asyncProperty(plans, run), { numRuns: 8, endOnFailure: true });
  });
});

describe('X6 nothing holds rows back', () => {
  test('X6a neither an open transaction, nor a snapshot, nor a prepared transaction; its own rows come when it commits', async () => {
    const schema = await newSchema(OUTBOX);
    const [open, snapshot, prepared, writer] = await Promise.all(Array.from({ length: 4 }, () => connect(schema)));
    await open!.query('begin');
    await insert(open!, 'of the open one');
    await snapshot!.query('begin isolation level repeatable read');
    await snapshot!.query('select from outbox');
    const { rows } = await admin().query<{ most: string }>(
      `select current_setting('max_prepared_transactions') as most`,
    );
    const canPrepare = rows[0]!.most !== '0';
    if (!canPrepare) console.warn('SKIPPED: prepared transactions; the server does not allow them');
    await prepared!.query('begin');
    await insert(prepared!, 'of the prepared one');
    if (canPrepare) await prepared!.query(`prepare transaction 'report'`);

    const one = await reader(schema);
    const subscription = one.open();
    await insert(writer!, 'a');
    await one.until(() => one.received.length === 1);
    await prepared!.query(canPrepare ? `commit prepared 'report'` : 'commit');
    await one.until(() => one.received.length === 2);
    await open!.query('commit');
    await one.until(() => one.received.length === 3);
    expect(one.payloads()).toEqual(['a', 'of the prepared one', 'of the open one']);
    await one.leave(subscription);
    await Promise.all([open, snapshot, prepared, writer].map(client => client!.end()));
  });
});
