import { describe, expect, jest } from '@jest/globals';
import { Client as PgClient, type Client } from 'pg';
import { NotSettledError, OptionError, eventBroker } from 'rx-event-broker';
import {
  BehaviorSubject,
  concatMap,
  firstValueFrom,
  map,
  NEVER,
  of,
  Subject,
  take,
  tap,
  throwError,
  VirtualTimeScheduler,
} from 'rxjs';
import { outboxSource, type OutboxSourceOptions } from 'rx-event-broker/sql';
import { onPostgres } from '../sql/onPostgres.js';
import { consumer, NOTIFY, OUTBOX, released } from './consumer.js';

jest.setTimeout(30_000);
const { test, admin, newSchema, connect } = onPostgres();

type Row = { readonly id: string; readonly payload: string | null };

const insert = (client: Client, payload: string) => client.query('insert into outbox (payload) values ($1)', [payload]);
const left = async (): Promise<readonly string[]> =>
  (await admin().query<{ payload: string }>('select payload from outbox order by id')).rows.map(
    ({ payload }) => payload,
  );

/** Advisory locks in this database. */
const ADVISORY = `select from pg_locks where locktype = 'advisory'
  and database = (select oid from pg_database where datname = current_database())`;

/** A reader on a connection of its own; notified, so polls are only the safety net. */
const reader = async (schema: string, options: Partial<OutboxSourceOptions<'payload'>> = {}, settles = true) => {
  const client = await connect(schema);
  const one = consumer<Row>({ settles });
  const source = outboxSource(client, { columns: ['payload'], notices: one.observer, ...options });
  return { ...one, client, source, open: (through: typeof source = source) => one.open(through) };
};

describe('X1 order, and nothing skipped', () => {
  test('X1a a transaction that commits late is not skipped, as a cursor by id would', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    const [late, early] = [await connect(schema), await connect(schema)];
    const one = await reader(schema, { pollEvery: 20 });
    const subscription = one.open();
    await late.query('begin');
    await insert(late, 'first id, commits late');
    await insert(early, 'second id');
    await one.until(() => one.received.length === 1);
    await late.query('commit');
    await one.until(() => one.received.length === 2);
    expect(one.payloads()).toEqual(['second id', 'first id, commits late']);
    expect(one.received.map(({ id }) => id)).toEqual(['2', '1']);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(await left()).toEqual([]);
    await Promise.all([late.end(), early.end(), one.client.end()]);
  });

  test('X1e emitted and unsettled rows are left out, and rows that are committed in between are found', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    const late = await connect(schema);
    const one = await reader(schema, { batchSize: 2, pollEvery: 5 }, false);
    for (const payload of 'ab') await insert(admin(), payload);
    await late.query('begin');
    await insert(late, 'late');
    for (const payload of 'cd') await insert(admin(), payload);
    const subscription = one.open();
    await one.until(() => one.received.length === 4);
    await late.query('commit');
    await one.until(() => one.received.length === 5);
    one.settle(1);
    await insert(admin(), 'e');
    await one.until(() => one.received.length === 6);
    expect(one.payloads()).toEqual(['a', 'b', 'c', 'd', 'late', 'e']);
    one.settle(5);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(await left()).toEqual(['e']);
    await Promise.all([late.end(), one.client.end()]);
  });

  test('X1c rows of one transaction keep their order, even more than a batch', async () => {
    const schema = await newSchema(OUTBOX);
    await admin().query('insert into outbox (payload) select n::text from generate_series(1, 1050) n');
    const one = await reader(schema, { batchSize: 100 });
    const subscription = one.open();
    await one.until(() => one.received.length === 1050);
    expect(one.payloads()).toEqual(Array.from({ length: 1050 }, (_, i) => String(i + 1)));
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(await left()).toEqual([]);
    await one.client.end();
  });

  test('X1d values are the texts of PostgreSQL, whatever parsers the client has', async () => {
    const schema = await newSchema(
      `create table "Events" ("order" jsonb, big bigint, "at" bytea, id smallserial, unique (id))`,
    );
    await admin().query(`insert into "Events" ("order", big, at) values ('{"a":1}', 9007199254740993, null)`);
    const client = await connect(schema);
    const one = consumer();
    const rows = outboxSource(client, {
      table: `${schema}.Events`,
      columns: ['order', 'big', 'at'],
      settlement: 'none',
      notices: one.observer,
    });
    const row = await firstValueFrom(rows(NEVER));
    await one.until(() => released(one) === 1);
    expect(row).toEqual({
      id: '1',
      order: '{"a": 1}',
      big: '9007199254740993',
      at: null,
    });
    await client.end();
  });
});

describe('X2 the table is checked', () => {
  const failure = async (...ddl: string[]): Promise<unknown> => {
    const schema = await newSchema(...ddl);
    const one = await reader(schema);
    one.open();
    await one.until(() => released(one) === 1);
    await one.client.end();
    return one.errors[0];
  };
  const table = (id: string, more = '') => `create table outbox (id ${id}, payload text${more})`;

  test('X2a a missing table or column is a TableColumnsError', async () => {
    expect(await failure()).toMatchObject({ name: 'TableColumnsError', missing: ['id', 'payload'] });
    expect(await failure('create table outbox (id bigserial primary key)')).toMatchObject({
      name: 'TableColumnsError',
      missing: ['payload'],
    });
  });

  test('X2b a table in which the ids may not rise with time is an OutboxTableError', async () => {
    const noSequence = 'the column id to be an identity or to have the default nextval(…)';
    const notUnique = 'a unique index or primary key on (id)';
    const sequence = (what: string) => `the sequence of the column id to have ${what}`;
    const next = `bigint primary key default nextval('s')`;
    const identity = (how: string) => table(`bigint generated by default as identity (${how}) primary key`);
    const cases: readonly (readonly [ddl: readonly string[], expected: string])[] = [
      [[table('text primary key')], 'the column id to be one of smallint, integer, bigint'],
      [[table('uuid primary key default gen_random_uuid()')], 'the column id to be one of smallint, integer, bigint'],
      [[table('bigint unique')], 'the column id to be not null'],
      [[table('bigserial')], notUnique],
      [[table('bigserial', ', xid int, primary key (xid, id)')], notUnique],
      [[table('bigserial', ', primary key (id, payload)')], notUnique],
      [[table('bigserial', ', unique (id) deferrable')], notUnique],
      [[table('bigserial'), 'create unique index on outbox (id) where id > 7'], notUnique],
      [[table('bigint primary key')], noSequence],
      [[table('bigint primary key default 7')], noSequence],
      [['create sequence s', table(`bigint primary key default -nextval('s')`)], noSequence],
      [['create sequence s', table(`bigint primary key default nextval('s'::text)`)], noSequence],
      [
        [
          'create sequence s',
          `create function of_mine() returns bigint language sql as $$ select nextval('s') $$`,
          table('bigint primary key default of_mine()'),
        ],
        noSequence,
      ],
      [[identity('cache 20')], sequence('CACHE 1')],
      [['create sequence s cache 2', table(next)], sequence('CACHE 1')],
      [[table('serial primary key'), 'alter sequence outbox_id_seq cache 50'], sequence('CACHE 1')],
      [[identity('increment -1')], sequence('a positive INCREMENT')],
      [['create sequence s increment -1', table(next)], sequence('a positive INCREMENT')],
      [[identity('maxvalue 100 cycle')], sequence('NO CYCLE')],
      [['create sequence s cycle', table(next)], sequence('NO CYCLE')],
    ];
    for (const [ddl, expected] of cases)
      expect([ddl, await failure(...ddl)]).toMatchObject([
        ddl,
        { name: 'OutboxTableError', table: 'outbox', expected },
      ]);
  });

  test('X2b allowed tables: identity, serial, an own or a shared sequence, other columns', async () => {
    const cases: readonly (readonly string[])[] = [
      [table('bigint generated always as identity primary key')],
      [table('integer generated by default as identity (increment 2) unique')],
      [table('smallserial primary key')],
      [table('serial', ', unique (id) include (payload)')],
      [`create sequence "it's \\"`, table(`bigint primary key default nextval('"it''s \\"')`)],
      [
        'create schema if not exists elsewhere',
        'create sequence elsewhere.s',
        table(`bigint primary key default nextval('elsewhere.s')`),
      ],
      [table('bigserial primary key', ', xid xid8 not null default pg_current_xact_id()')],
      [
        `create table outbox (id bigserial primary key, payload text) partition by range (id)`,
        'create table p partition of outbox default',
      ],
    ];
    for (const ddl of cases) {
      const schema = await newSchema(...ddl);
      const one = await reader(schema);
      await insert(admin(), 'a');
      const subscription = one.open();
      await one.until(() => one.received.length + one.errors.length > 0);
      subscription.unsubscribe();
      await one.until(() => released(one) === 1);
      expect([ddl, one.errors, one.payloads(), await left()]).toEqual([ddl, [], ['a'], []]);
      await one.client.end();
    }
  });
});

describe('X3 settled rows are deleted', () => {
  test('X3a K2g rows that an operator holds back are not deleted', async () => {
    const schema = await newSchema(OUTBOX);
    for (const payload of 'abc') await insert(admin(), payload);
    const one = await reader(schema);
    const gate$ = new Subject<void>();
    const held = { count: 0 };
    one.open((pause$, settlement) =>
      one.source(pause$, settlement).pipe(
        tap(() => held.count++),
        tap(() => one.observer.next({ type: 'Waiting', what: 'a row was given' })),
        concatMap(row =>
          gate$.pipe(
            take(1),
            map(() => row),
          ),
        ),
      ),
    );
    await one.until(() => held.count === 3);
    gate$.next();
    gate$.next();
    await one.until(() => released(one) === 1);
    expect(one.errors).toEqual([expect.objectContaining({ name: 'HeldBackError' })]);
    expect(await left()).toEqual(['a', 'b', 'c']);
    await one.client.end();
  });

  test('X3a only the settled prefix, and what is unsettled comes again after a restart', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    for (const payload of 'abcd') await insert(admin(), payload);
    const one = await reader(schema, {}, false);
    const subscription = one.open();
    await one.until(() => one.received.length === 4);
    one.settle(2);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(await left()).toEqual(['c', 'd']);

    const two = await reader(schema);
    const again = two.open();
    await two.until(() => two.received.length === 2);
    expect(two.payloads()).toEqual(['c', 'd']);
    again.unsubscribe();
    await two.until(() => released(two) === 1);
    expect(await left()).toEqual([]);
    await Promise.all([one.client.end(), two.client.end()]);
  });

  test('X3b without a settlement it is a NotSettledError; settlement: none deletes rows that were handed over', async () => {
    const schema = await newSchema(OUTBOX);
    for (const payload of 'ab') await insert(admin(), payload);
    const client = await connect(schema);
    const errors: unknown[] = [];
    outboxSource(client, { columns: ['payload'] })(of(false)).subscribe({ error: error => errors.push(error) });
    expect(errors).toEqual([expect.any(NotSettledError)]);
    expect(await left()).toEqual(['a', 'b']);

    const one = consumer<Row>();
    const rows = outboxSource(client, { columns: ['payload'], settlement: 'none', notices: one.observer });
    const pause$ = new BehaviorSubject(false);
    const seen: unknown[] = [];
    const subscription = rows(pause$).subscribe(({ payload }) => {
      seen.push(payload);
      pause$.next(true);
    });
    while (seen.length === 0) await new Promise(setImmediate);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect([seen, await left()]).toEqual([['a'], ['b']]);
    await client.end();
  });

  test('X3c a deletion that fails is an error of the source, and the rows come again', async () => {
    const schema = await newSchema(
      OUTBOX,
      `create function no() returns trigger language plpgsql as $$ begin raise 'not now'; end $$`,
      'create trigger no before delete on outbox for each statement execute function no()',
    );
    await insert(admin(), 'a');
    const one = await reader(schema);
    one.open();
    await one.until(() => one.errors.length === 1);
    await one.until(() => released(one) === 1);
    expect(one.errors).toMatchObject([{ message: 'not now' }]);
    expect(await left()).toEqual(['a']);
    await admin().query('drop trigger no on outbox');
    one.open().unsubscribe();
    await one.until(() => released(one) === 2);
    const again = one.open();
    await one.until(() => one.received.length === 2);
    again.unsubscribe();
    await one.until(() => released(one) === 3);
    expect([one.payloads(), await left()]).toEqual([['a', 'a'], []]);
    await one.client.end();
  });

  test('X3c a deletion that does not remove its row is an error of the source, not a row that comes repeatedly', async () => {
    const schema = await newSchema(
      OUTBOX,
      `create function keep() returns trigger language plpgsql as $$ begin return null; end $$`,
      `create trigger keep before delete on outbox for each row when (old.payload = 'b') execute function keep()`,
    );
    for (const payload of 'abc') await insert(admin(), payload);
    const one = await reader(schema);
    one.open();
    await one.until(() => released(one) === 1);
    const expected = 'deleted rows to be gone';
    expect(one.errors).toMatchObject([{ name: 'OutboxTableError', expected }]);
    expect([one.payloads(), await left()]).toEqual([[...'abc'], ['b']]);
    await one.client.end();
  });

  test('X3a a row that another program has deleted is no error', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    for (const payload of 'abc') await insert(admin(), payload);
    const one = await reader(schema, {}, false);
    const subscription = one.open();
    await one.until(() => one.received.length === 3);
    await admin().query(`delete from outbox where payload = 'b'`);
    one.settle(3);
    await insert(admin(), 'd');
    await one.until(() => one.received.length === 4);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect([one.errors, await left()]).toEqual([[], ['d']]);
    await one.client.end();
  });

  test('X3d a deletion that fails after the consumer has left is a Failed notice', async () => {
    const schema = await newSchema(
      OUTBOX,
      `create function no() returns trigger language plpgsql as $$ begin raise 'not now'; end $$`,
      'create trigger no before delete on outbox for each statement execute function no()',
    );
    await insert(admin(), 'a');
    const one = await reader(schema, {}, false);
    const subscription = one.open();
    await one.until(() => one.received.length === 1);
    one.settle(1);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(one.notices).toMatchObject([{ type: 'Failed', error: { message: 'not now' } }, { type: 'Released' }]);
    await one.client.end();
  });

  test('X3a a broker settles rows as its subscribers finish with them', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    for (const payload of 'abc') await insert(admin(), payload);
    const one = await reader(schema);
    const broker = eventBroker<{ readonly type: 'Row'; readonly payload: string | null }>();
    const seen: unknown[] = [];
    const done = new Promise<void>(resolve => {
      broker.subscribe({
        types: ['Row'],
        required: true,
        next: async ({ payload }) => {
          await Promise.resolve();
          seen.push(payload);
          if (seen.length === 3) resolve();
        },
      });
    });
    broker
      .receive((pause$, settlement) =>
        one.source(pause$, settlement).pipe(map(({ payload }) => ({ type: 'Row' as const, payload }))),
      )
      .subscribe();
    await done;
    void broker.drain();
    await one.until(() => released(one) === 1);
    expect([seen, await left()]).toEqual([['a', 'b', 'c'], []]);
    await one.client.end();
  });
});

describe('X4 one reader at a time', () => {
  test('X4a X4b a second reader waits, reports it, and takes over when the first one’s connection dies', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    await insert(admin(), 'a');
    const [one, two] = [await reader(schema, {}, false), await reader(schema, { pollEvery: 20 })];
    one.open();
    await one.until(() => one.received.length === 1);
    const second = two.open();
    await two.until(() => two.notices.length === 1);
    expect(two.notices).toEqual([{ type: 'Waiting', what: 'outbox outbox: another connection reads it' }]);
    expect(two.received).toEqual([]);
    const { rows } = await one.client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await admin().query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    await one.until(() => one.errors.length === 1);
    await two.until(() => two.received.length === 1);
    expect(two.payloads()).toEqual(['a']);
    second.unsubscribe();
    await two.until(() => released(two) === 1);
    await two.client.end();
  });

  test('X4c L1b a second subscription on the same connection waits for the release of the first', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    await insert(admin(), 'a');
    const one = await reader(schema, {}, false);
    const first = one.open();
    await one.until(() => one.received.length === 1);
    const second = one.open();
    expect(one.notices).toEqual([{ type: 'Waiting', what: 'outbox outbox: its connection is in use' }]);
    one.settle(1);
    first.unsubscribe();
    await insert(admin(), 'b');
    await one.until(() => one.received.length === 2);
    // `a` was settled, so it was deleted before the second one began to read
    expect(one.payloads()).toEqual(['a', 'b']);
    second.unsubscribe();
    await one.until(() => released(one) === 2);
    await one.client.end();
  });

  test('X4d a reader that leaves releases the lock, stops listening, and leaves no listener', async () => {
    const schema = await newSchema(OUTBOX);
    const one = await reader(schema);
    const before = one.client.eventNames().map(name => [name, one.client.listenerCount(name)]);
    const subscription = one.open();
    await one.until(() => true);
    while ((await admin().query(ADVISORY)).rows.length === 0);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    const locks = await admin().query(ADVISORY);
    const channels = await one.client.query('select pg_listening_channels()');
    expect([locks.rows.length, channels.rows.length]).toEqual([0, 0]);
    expect(one.client.eventNames().map(name => [name, one.client.listenerCount(name)])).toEqual(before);
    await one.client.end();
  });
});

describe('X5 woken, polled, paused', () => {
  test('X5a a notification wakes it, without a poll', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    const one = await reader(schema, { pollEvery: Infinity });
    const subscription = one.open();
    for (const payload of 'abc') {
      await insert(admin(), payload);
      await one.until(() => one.received.at(-1)?.payload === payload);
    }
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    await one.client.end();
  });

  test('X5b without notifications it polls, timed by the scheduler', async () => {
    const schema = await newSchema(OUTBOX);
    const scheduler = new VirtualTimeScheduler();
    const one = await reader(schema, { scheduler, pollEvery: 1000 });
    const query = jest.spyOn(one.client, 'query');
    const subscription = one.open();
    const polled = async () => {
      while (!scheduler.actions.some(({ delay }) => delay === 1000)) await new Promise(setImmediate);
    };
    await polled();
    const asked = query.mock.calls.length;
    await insert(admin(), 'a');
    await admin().query('select 1');
    expect([query.mock.calls.length, one.received.length]).toEqual([asked, 0]);
    scheduler.flush();
    await one.until(() => one.received.length === 1);
    expect(scheduler.now()).toBe(1000);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    await one.client.end();
  });

  test('X5c while paused nothing is fetched or emitted, and settled rows are deleted', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    for (const payload of 'abcdef') await insert(admin(), payload);
    const one = await reader(schema, { batchSize: 2, pollEvery: 5 }, false);
    const fetches = jest.spyOn(one.client, 'query');
    const selects = () => JSON.stringify(fetches.mock.calls).split('select o.').length - 1;
    one.pause$.next(true);
    const subscription = one.open();
    await insert(admin(), 'g');
    await new Promise(resolve => setTimeout(resolve, 50));
    expect([one.received.length, selects()]).toEqual([0, 0]);
    const unsubscribe = one.until(() => one.received.length === 3).then(() => one.pause$.next(true));
    one.pause$.next(false);
    await unsubscribe;
    const asked = selects();
    one.settle(2);
    while ((await left()).length > 5);
    expect([selects() - asked <= 1, (await left())[0]]).toEqual([true, 'c']);
    one.pause$.next(false);
    await one.until(() => one.received.length === 7);
    expect(one.payloads()).toEqual([...'abcdefg']);
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    await one.client.end();
  });

  test('X5d a pause inside next takes effect immediately; at most batchSize rows are in memory', async () => {
    const schema = await newSchema(OUTBOX);
    for (const payload of 'abcd') await insert(admin(), payload);
    const one = await reader(schema);
    const seen: unknown[] = [];
    const subscription = one.source(one.pause$, one.settlement).subscribe(({ payload }) => {
      seen.push(payload);
      one.pause$.next(true);
    });
    for (const count of [1, 2, 3, 4]) {
      while (seen.length < count) await new Promise(setImmediate);
      expect(seen.length).toBe(count);
      one.pause$.next(false);
    }
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(seen).toEqual([...'abcd']);
    await one.client.end();
  });
});

describe('X7 failures', () => {
  test('X7a a lost connection is an error of the source, without waiting for a poll', async () => {
    const schema = await newSchema(OUTBOX);
    const one = await reader(schema, { pollEvery: Infinity });
    one.open();
    const { rows } = await one.client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await admin().query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    await one.until(() => one.errors.length === 1);
    expect(one.errors).toEqual([expect.any(Error)]);
    await one.until(() => released(one) === 1);
  });

  /** Ends the connection of a reader from outside, and resolves when its client has reported everything. */
  const terminate = async (client: Client, pid: number): Promise<void> => {
    const ended = new Promise(resolve => client.once('end', resolve));
    await admin().query('select pg_terminate_backend($1)', [pid]);
    await ended;
  };
  const withoutListener = async (schema: string, options = {}) => {
    const one = await reader(schema, { pollEvery: 20, ...options }, false);
    const { rows } = await one.client.query<{ pid: number }>('select pg_backend_pid() as pid');
    one.client.removeAllListeners('error');
    return { ...one, pid: rows[0]!.pid };
  };

  test('X7d a client that reports its lost connection again does not end the process: an idle reader', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    await insert(admin(), 'a');
    const one = await withoutListener(schema, { pollEvery: Infinity });
    one.open();
    await one.until(() => one.received.length === 1);
    await terminate(one.client, one.pid);
    expect(one.errors).toEqual([expect.any(Error)]);
    await one.until(() => released(one) === 1);
    // the same client again: it fails, and one listener stays
    one.open();
    await one.until(() => released(one) === 2);
    expect(one.errors).toHaveLength(2);
    expect(one.client.listenerCount('error')).toBe(1);
  });

  test('X7d nor a reader that waits for another one', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    const [first, one] = [await reader(schema), await withoutListener(schema)];
    await insert(admin(), 'a');
    const reading = first.open();
    await first.until(() => first.received.length === 1);
    one.open();
    await one.until(() => one.notices.length === 1);
    await terminate(one.client, one.pid);
    await one.until(() => released(one) === 1);
    expect(one.errors).toEqual([expect.any(Error)]);
    reading.unsubscribe();
    await first.until(() => released(first) === 1);
    await first.client.end();
  });

  test('X7d nor a statement that is cut off; a reader that leaves takes its listeners along', async () => {
    const schema = await newSchema(OUTBOX, ...NOTIFY);
    const one = await withoutListener(schema);
    await insert(admin(), 'a');
    const first = one.open();
    await one.until(() => one.received.length === 1);
    first.unsubscribe();
    await one.until(() => released(one) === 1);
    expect(one.client.listenerCount('error')).toBe(0);
    const blocker = await connect(schema);
    await blocker.query('begin; lock table outbox in access exclusive mode');
    one.open();
    const isBlocked = `select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'`;
    while ((await admin().query(isBlocked, [one.pid])).rowCount === 0);
    await terminate(one.client, one.pid);
    await one.until(() => released(one) === 2);
    expect(one.errors).toEqual([expect.any(Error)]);
    await blocker.end();
  });

  test('X7b an error of pause$, and a settlement that throws, are errors of the source; it can be opened again', async () => {
    const schema = await newSchema(OUTBOX);
    await insert(admin(), 'a');
    const one = await reader(schema);
    const errors: unknown[] = [];
    one
      .source(
        throwError(() => 'pause'),
        one.settlement,
      )
      .subscribe({ error: error => errors.push(error) });
    const broken = Object.defineProperty({ received: 0, settled: 0, settled$: NEVER }, 'received', {
      get: () => {
        throw new Error('received');
      },
    }) as typeof one.settlement;
    one.source(of(false), broken).subscribe({ error: (error: Error) => errors.push(error.message) });
    const subscription = one.open();
    await one.until(() => one.received.length === 1);
    expect(errors).toEqual(['pause', expect.stringMatching(/^settlement: expected the settlement of a consumer/)]);
    subscription.unsubscribe();
    await one.until(() => released(one) === 3);
    await one.client.end();
  });

  test('X7e a client that was never connected is reported, and one that answers is not', async () => {
    const scheduler = new VirtualTimeScheduler();
    const one = consumer<Row>();
    const rows = outboxSource(new PgClient(), { columns: ['payload'], notices: one.observer, scheduler });
    const subscription = one.open(rows);
    scheduler.flush();
    expect([scheduler.now(), one.notices]).toEqual([
      5000,
      [{ type: 'Waiting', what: 'outbox outbox: its connection does not answer; is it connected?' }],
    ]);
    subscription.unsubscribe();
    const schema = await newSchema(OUTBOX);
    await insert(admin(), 'a');
    const two = await reader(schema, { scheduler, pollEvery: 10_000 });
    const reading = two.open();
    await two.until(() => two.received.length === 1);
    scheduler.flush();
    expect(two.notices).toEqual([]);
    reading.unsubscribe();
    await two.until(() => released(two) === 1);
    await two.client.end();
  });

  test('X7c invalid options are rejected by the call', async () => {
    const client = await connect('public');
    const cases: readonly unknown[] = [
      {},
      { columns: [] },
      { columns: ['a', 'a'] },
      { columns: ['a'], batchSize: 0 },
      { columns: ['a'], batchSize: 1.5 },
      { columns: ['a'], batchSize: Infinity },
      { columns: ['a'], pollEvery: -1 },
      { columns: ['a'], empty: 'never' },
      { columns: ['a'], stallAfter: 1 },
      { columns: ['a'], table: '' },
      { columns: ['a'], channel: 1 },
      { columns: ['a'], settlement: true },
      { columns: ['a'], scheduler: {} },
      { columns: ['a'], notices: 1 },
      { columns: ['a'], batch: 1 },
    ];
    for (const options of cases) expect(() => outboxSource(client, options as never)).toThrow(OptionError);
    expect(() => outboxSource({} as never, { columns: ['a'] })).toThrow(OptionError);
    await client.end();
  });
});
