import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { outboxSource } from '../../../lib/store/outbox/outboxSource.js';
import { consumer, NOTIFY, OUTBOX, released } from './consumer.js';

// real databases, on machines that do other things besides
jest.setTimeout(30_000);

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
}, 60_000);
afterAll(() => db.close());
beforeEach(async () => {
  await db.exec(`drop schema public cascade; create schema public; ${[OUTBOX, ...NOTIFY].join(';')}`);
});

type Row = { readonly payload: string | null };
const insert = (payload: string) => db.query('insert into outbox (payload) values ($1)', [payload]);
const left = async () => (await db.query<Row>('select payload from outbox')).rows.map(({ payload }) => payload);

test('X5a X3a PGlite: a notification wakes it, and settled rows are deleted', async () => {
  const one = consumer<Row>();
  const source = outboxSource(db, { columns: ['payload'], pollEvery: Infinity, notices: one.observer });
  await insert('a');
  const subscription = one.open(source);
  await one.until(() => one.received.length === 1);
  await insert('b');
  await one.until(() => one.received.length === 2);
  subscription.unsubscribe();
  await one.until(() => released(one) === 1);
  expect([one.payloads(), await left()]).toEqual([['a', 'b'], []]);
});

test('X1c X3a PGlite: rows in order, rolled back ones never, unsettled ones again after a restart', async () => {
  for (let n = 1; n <= 30; n++) {
    const work = db.transaction(async tx => {
      await tx.query('insert into outbox (payload) select $1 || n from generate_series(1, 3) n', [`${n}.`]);
      if (n % 3 === 0) await tx.rollback();
    });
    await work;
  }
  const all = Array.from({ length: 30 }, (_, i) => i + 1)
    .filter(n => n % 3 !== 0)
    .flatMap(n => [`${n}.1`, `${n}.2`, `${n}.3`]);
  const one = consumer<Row>({ settles: false });
  const source = outboxSource(db, { columns: ['payload'], batchSize: 7, pollEvery: 5, notices: one.observer });
  const first = one.open(source);
  await one.until(() => one.received.length === all.length);
  expect(one.payloads()).toEqual(all);
  one.settle(25);
  first.unsubscribe();
  await one.until(() => released(one) === 1);
  expect(await left()).toEqual(all.slice(25));

  const two = consumer<Row>();
  const second = two.open(outboxSource(db, { columns: ['payload'], notices: two.observer }));
  await two.until(() => two.received.length === all.length - 25);
  second.unsubscribe();
  await two.until(() => released(two) === 1);
  expect([two.payloads(), await left()]).toEqual([all.slice(25), []]);
});

test('X2b PGlite: the table is checked', async () => {
  await db.exec('alter table outbox alter id drop identity');
  const one = consumer<Row>();
  one.open(outboxSource(db, { columns: ['payload'], notices: one.observer }));
  await one.until(() => released(one) === 1);
  expect(one.errors).toMatchObject([{ name: 'OutboxTableError' }]);
});

test('X7a PGlite: a closed database is an error of the source', async () => {
  const other = await PGlite.create();
  await other.exec(OUTBOX);
  const one = consumer<Row>();
  one.open(outboxSource(other, { columns: ['payload'], pollEvery: 10, notices: one.observer }));
  await new Promise(resolve => setTimeout(resolve, 50));
  await other.close();
  await one.until(() => one.errors.length === 1);
  await one.until(() => released(one) === 1);
  expect(one.errors).toEqual([expect.any(Error)]);
});
