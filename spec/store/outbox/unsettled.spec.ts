import { expect, jest } from '@jest/globals';
import { filter } from 'rxjs';
import { outboxSource, type OutboxSourceOptions } from 'rx-event-broker/sql';
import { onPostgres } from '../sql/onPostgres.js';
import { consumer, OUTBOX, released } from './consumer.js';

jest.setTimeout(120_000);
const { test, admin, newSchema, connect } = onPostgres();

type Row = { readonly id: string; readonly payload: string | null };

/** A reader with a filter behind it. `dropped`: how many rows it did not let through. */
const filtered = async (isKept: (row: Row) => boolean, options: Partial<OutboxSourceOptions<'payload'>> = {}) => {
  const client = await connect(await newSchema(OUTBOX));
  const one = consumer<Row>();
  const source = outboxSource(client, { columns: ['payload'], pollEvery: 5, notices: one.observer, ...options });
  const seen = { dropped: 0 };
  const open = () =>
    one.open((pause$, settlement) =>
      source(pause$, settlement).pipe(
        filter(row => {
          if (isKept(row)) return true;
          seen.dropped++;
          return false;
        }),
      ),
    );
  return { ...one, client, open, seen };
};
const fill = (from: number, to: number) =>
  admin().query('insert into outbox (payload) select n::text from generate_series($1::int, $2::int) n', [from, to]);
const left = async (): Promise<number> => (await admin().query('select from outbox')).rows.length;

test('X3f dropped rows are deleted with the next one that passes; no row is emitted twice', async () => {
  const one = await filtered(({ payload }) => payload === '50');
  const subscription = one.open();
  await fill(1, 49);
  while (one.seen.dropped < 49) await new Promise(setImmediate);
  expect(await left()).toBe(49);
  await fill(50, 60);
  while (one.seen.dropped < 59) await new Promise(setImmediate);
  while ((await left()) > 10);
  subscription.unsubscribe();
  await one.until(() => released(one) === 1);
  expect([one.payloads(), one.seen.dropped, await left()]).toEqual([['50'], 59, 10]);
  await one.client.end();
});

test('X3g with empty: atOnce they are deleted with those before them', async () => {
  const one = await filtered(() => false, { empty: 'atOnce' });
  const subscription = one.open();
  await fill(1, 250);
  while (one.seen.dropped < 250 || (await left()) > 0) await new Promise(setImmediate);
  subscription.unsubscribe();
  await one.until(() => released(one) === 1);
  expect([one.errors, one.seen.dropped]).toEqual([[], 250]);
  await one.client.end();
});

test('X3h more than 100,000 dropped rows that wait are an UnsettledRowsError; the rows stay', async () => {
  const one = await filtered(({ payload }) => payload === '1', { batchSize: 10_000 });
  await fill(1, 100_001);
  const subscription = one.open();
  while (one.seen.dropped < 100_000) await new Promise(setImmediate);
  // as many as that may wait
  while ((await left()) > 100_000);
  expect(one.errors).toEqual([]);
  await fill(100_002, 100_003);
  await one.until(() => one.errors.length === 1);
  await one.until(() => released(one) === 1);
  expect(subscription.closed).toBe(true);
  expect(one.errors).toMatchObject([{ name: 'UnsettledRowsError', count: 100_001 }]);
  expect((one.errors[0] as Error).message).toContain(
    'outbox outbox: 100001 rows are unsettled: the consumer received nothing for them',
  );
  expect([one.seen.dropped, await left()]).toEqual([100_001, 100_002]);
  await one.client.end();
});

test('X3i a consumer that settles nothing more has the same bound', async () => {
  const one = await filtered(() => true, { batchSize: 10_000 });
  await fill(1, 100_002);
  one.settleNothingMore();
  one.open();
  await one.until(() => one.errors.length === 1);
  await one.until(() => released(one) === 1);
  expect(one.errors).toMatchObject([{ name: 'UnsettledRowsError', count: 100_001 }]);
  expect([one.received.length, await left()]).toEqual([100_001, 100_002]);
  await one.client.end();
});
