import { expect, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Client } from 'pg';
import { outboxSource } from 'rx-event-broker/sql';
import { onPostgres } from '../sql/onPostgres.js';
import { consumer, NOTIFY, OUTBOX, released } from './consumer.js';

jest.setTimeout(120_000);
const { test, admin, newSchema, connect } = onPostgres();

const WRITERS = 3;
const LOCKS = 2;

/**
 * What happens, in this order. A writer's insert begins a transaction if it has none, and takes a lock until its end. If
 * another one has that lock, nothing happens.
 */
type Step =
  | { readonly do: 'insert' | 'commit' | 'rollback'; readonly writer: number; readonly lock: number }
  | { readonly do: 'pause' | 'resume' | 'settle' | 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('insert', 'insert', 'insert', 'commit', 'commit', 'rollback'),
      writer: fc.nat(WRITERS - 1),
      lock: fc.nat(LOCKS - 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('pause', 'resume', 'settle', 'restart') }),
  },
);

/** Takes the steps, then commits, receives and settles what is left, and compares with what the steps say. */
const runSteps = async (
  steps: readonly Step[],
  batchSize: number,
  writers: readonly Client[],
  client: Client,
): Promise<void> => {
  let one = consumer<{ readonly payload: string | null }>({ settles: false });
  const open = () =>
    one.open(outboxSource(client, { columns: ['payload'], batchSize, pollEvery: 3, notices: one.observer }));
  let subscription = open();
  const pending: string[][] = writers.map(() => []);
  const holders: (number | undefined)[] = [];
  /** The rows of each transaction, and those of each lock: both in the order of their inserts. */
  const transactions: string[][] = [];
  const locked: string[][] = Array.from({ length: LOCKS }, () => []);
  const committed = new Set<string>();
  /** Those that are settled, of all readers. */
  const settled: string[] = [];
  let count = 0;

  const end = async (writer: number, how: 'commit' | 'rollback'): Promise<void> => {
    if (pending[writer]!.length === 0) return;
    await writers[writer]!.query(how);
    if (how === 'commit') for (const payload of pending[writer]!) committed.add(payload);
    pending[writer] = [];
    for (const lock of locked.keys()) if (holders[lock] === writer) holders[lock] = undefined;
  };
  const settle = (upTo: number): void => {
    const from = one.settlement.settled;
    one.settle(upTo);
    settled.push(...one.payloads().slice(from, upTo).map(String));
  };
  const restart = async (): Promise<void> => {
    subscription.unsubscribe();
    await one.until(() => released(one) === 1);
    one = consumer({ settles: false });
    subscription = open();
  };

  for (const now of steps) {
    if (now.do === 'insert') {
      if ((holders[now.lock] ?? now.writer) !== now.writer) continue;
      holders[now.lock] = now.writer;
      if (pending[now.writer]!.length === 0) {
        await writers[now.writer]!.query('begin');
        transactions.push((pending[now.writer] = []));
      }
      const payload = String(++count);
      await writers[now.writer]!.query('insert into outbox (payload) values ($1)', [payload]);
      pending[now.writer]!.push(payload);
      locked[now.lock]!.push(payload);
    } else if (now.do === 'commit' || now.do === 'rollback') await end(now.writer, now.do);
    else if (now.do === 'settle') settle(Math.ceil((one.settlement.settled + one.received.length) / 2));
    else if (now.do === 'restart') await restart();
    else one.pause$.next(now.do === 'pause');
  }
  for (const writer of writers.keys()) await end(writer, 'commit');
  one.pause$.next(false);
  const missing = committed.size - settled.length;
  await one.until(() => one.received.length - one.settlement.settled >= missing);
  settle(one.received.length);
  subscription.unsubscribe();
  await one.until(() => released(one) === 1);

  expect([...settled].sort()).toEqual([...committed].sort());
  for (const rows of [...transactions, ...locked]) {
    const due = rows.filter(payload => committed.has(payload));
    expect(settled.filter(payload => rows.includes(payload))).toEqual(due);
  }
  expect((await admin().query('select from outbox')).rows.length).toBe(0);
};

test('X1b X1e X3a any interleaving of writers, pauses, settlements and restarts: each committed row settled once, in the order of its lock', async () => {
  const schema = await newSchema(OUTBOX, ...NOTIFY);
  const writers = await Promise.all(Array.from({ length: WRITERS }, () => connect(schema)));
  const client = await connect(schema);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (steps, batch) =>
      runSteps(steps, batch, writers, client),
    ),
    { numRuns: 60, endOnFailure: true },
  );
  await Promise.all([...writers, client].map(one => one.end()));
});
