import { describe, expect } from '@jest/globals';
import type { Client } from 'pg';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { chainOf } from '../chainOf.js';
import { expectWhole } from './expectWhole.js';
import { gatedOwner, type GatedOwner } from './gatedOwner.js';
import { onPostgres } from './onPostgres.js';
import { causeOf, ownerOf } from './ownerOf.js';
import { pidOf, sessions } from './sessions.js';

const { test, admin, newSchema, connect } = onPostgres();
const { waitsForLock, kill } = sessions(admin);

const CHAIN = chainOf([{}, {}]);
const KEPT = 'create table kept (value integer)';

/** A schema with the tables, and two connections to it. */
const twoConnections = async (kept = KEPT, options = ''): Promise<readonly [Client, Client]> => {
  const schema = await newSchema(kept);
  const [one, two] = [await connect(schema, options), await connect(schema, options)];
  await sqlBlockStore(one).progress();
  return [one, two];
};

/** Runs an owner up to its statement number `at`; `undefined` if it has fewer. */
const heldAt = async (client: Client, at: number) => {
  const owner = await gatedOwner(client, CHAIN);
  const sent: string[] = [];
  for (;;) {
    const text = await owner.next();
    if (text === undefined) return undefined;
    if (sent.length === at) return { ...owner, sent, text };
    sent.push(text);
    owner.release();
  }
};

/** Runs an owner up to a statement that includes this text. */
const heldBefore = async (owner: GatedOwner, part: string): Promise<void> => {
  for (let text = await owner.next(); text?.includes(part) !== true; text = await owner.next()) owner.release();
};

/** The first one stands still with locks: the server disconnects it, and the next one stores all blocks. */
const expectNextGoesOn = async (first: GatedOwner, two: Client): Promise<void> => {
  const pid = await pidOf(two);
  const second = ownerOf(two, CHAIN);
  expect(await waitsForLock(pid, second)).toBe(true);
  expect(await second).toEqual({ heights: [1, 1, 2] });
  first.open();
  expect(await first.outcome).toHaveProperty('error');
  await expectWhole(admin(), CHAIN);
  await two.end();
};

describe('two owners of a chain', () => {
  test('S17a S17b S17c S17d an owner that is stopped before any statement while another takes over stores nothing later', async () => {
    const held: string[] = [];
    let late = 0;
    for (let at = 0; ; at++) {
      const [one, two] = await twoConnections();
      const first = await heldAt(one, at);
      if (first === undefined) {
        await Promise.all([one.end(), two.end()]);
        break;
      }
      held.push(first.text);
      const pid = await pidOf(two);
      const second = ownerOf(two, CHAIN);
      // it waits in one place: between the last statement of a block and its COMMIT
      expect([first.text, await waitsForLock(pid, second)]).toEqual([first.text, first.text === 'commit']);
      first.open();
      expect(await second).toHaveProperty('heights');
      await expectWhole(admin(), CHAIN);
      const outcome = await first.outcome;
      const hadTakenOver = first.sent.some(text => text.includes('set epoch'));
      if ('error' in outcome) {
        late++;
        expect(causeOf(outcome)).toMatchObject({ name: 'FencedError', chain: '', mine: 1, found: 2 });
      }
      // who was not the owner yet takes over from the other; at a COMMIT, the first one may have been through
      if (!hadTakenOver) expect(outcome).toEqual({ heights: [] });
      else if (first.text !== 'commit') expect(outcome).toHaveProperty('error');
      await Promise.all([one.end(), two.end()]);
    }
    const counts = [
      'begin',
      'txid_current()::text as transaction, set_config',
      'insert into kept',
      'set first_height',
      'commit',
    ];
    expect(counts.map(part => held.filter(text => text.includes(part) || text === part).length)).toEqual([
      3, 3, 3, 3, 3,
    ]);
    expect(late).toBeGreaterThanOrEqual(12);
  });

  test('S17c an owner is killed before any statement, while another takes over: the other stores the rest', async () => {
    for (let at = 0; ; at++) {
      const [one, two] = await twoConnections();
      const first = await heldAt(one, at);
      if (first === undefined) {
        await Promise.all([one.end(), two.end()]);
        break;
      }
      const second = ownerOf(two, CHAIN);
      await kill(first.pid);
      first.open();
      expect(await first.outcome).toHaveProperty('error');
      expect(await second).toHaveProperty('heights');
      await expectWhole(admin(), CHAIN);
      await two.end();
    }
  });

  for (const [where, statement, table] of [
    ['before COMMIT', 'commit', undefined],
    [
      'inside a block, with locks on rows that the next one needs',
      'set first_height',
      'create table kept (value integer primary key)',
    ],
  ] as const) {
    test(`S17e an owner that is silent ${where} is disconnected, and the next one continues`, async () => {
      const [one, two] = await twoConnections(table);
      const first = await gatedOwner(one, CHAIN, { fence: true, maxIdleMs: 300 });
      await heldBefore(first, statement);
      await expectNextGoesOn(first, two);
    });
  }

  test('S17e an owner whose last statement lost the race has locks, and is disconnected as soon as one before COMMIT', async () => {
    const [one, two] = await twoConnections();
    const first = await gatedOwner(one, CHAIN);
    await heldBefore(first, 'set first_height');
    await two.query('begin');
    await two.query('update block_store_progress set epoch = epoch + 1');
    first.release();
    // it waits for the one that takes over, and then locks the row that it leaves
    expect(await waitsForLock(first.pid, first.outcome)).toBe(true);
    await two.query('commit');
    await heldBefore(first, 'select epoch::text');
    const { rows } = await one.query(`select current_setting('idle_in_transaction_session_timeout') as ms`);
    expect(rows).toEqual([{ ms: '5s' }]);
    const pid = await pidOf(two);
    const second = ownerOf(two, CHAIN);
    expect(await waitsForLock(pid, second)).toBe(true);
    first.open();
    expect(causeOf(await first.outcome)).toMatchObject({ name: 'FencedError', mine: 1, found: 2 });
    expect(await second).toEqual({ heights: [1, 1, 2] });
    await expectWhole(admin(), CHAIN);
    await Promise.all([one.end(), two.end()]);
  });

  test('S17g a program that is stopped while it creates the tables is disconnected, and the next one creates them', async () => {
    const schema = await newSchema(KEPT);
    const [one, two] = [await connect(schema), await connect(schema)];
    const first = await gatedOwner(one, CHAIN);
    await heldBefore(first, 'create table');
    await expectNextGoesOn(first, two);
  });

  for (const [own, ours, inBlock, inCommit] of [
    [0, 120_000, '2min', '5s'],
    [0, Infinity, '0', '5s'],
    [0, 3_000_000_000, '0', '5s'],
    [7000, 120_000, '7s', '5s'],
    [7000, 1000, '1s', '1s'],
    [2000, Infinity, '2s', '2s'],
  ] as const) {
    test(`S17e the limit of the session, ${own}, and ours, ${ours}: the lower one, inside blocks only`, async () => {
      const [one, two] = await twoConnections(KEPT, `-c idle_in_transaction_session_timeout=${own}`);
      const store = sqlBlockStore(one, { fence: true, maxIdleMs: ours });
      const limit = async () => {
        const { rows } = await one.query<{ ms: string }>(
          `select current_setting('idle_in_transaction_session_timeout') as ms`,
        );
        return rows[0]?.ms;
      };
      const before = await limit();
      await store.progress();
      const tx = await store.begin();
      await store.add(tx, { height: 1, hash: 'aa', time: 0n });
      expect(await limit()).toBe(inBlock);
      const seen: unknown[] = [];
      const query = one.query.bind(one) as (...given: unknown[]) => Promise<unknown>;
      (one as { query: unknown }).query = async (...given: unknown[]) => {
        if (given[0] === 'commit') seen.push(await query('show idle_in_transaction_session_timeout'));
        return query(...given);
      };
      await store.commit(tx, 0);
      expect(seen).toMatchObject([{ rows: [{ idle_in_transaction_session_timeout: inCommit }] }]);
      expect(await limit()).toBe(before);
      await Promise.all([one.end(), two.end()]);
    });
  }

  test('S17b if transactions are serializable, a late owner stores nothing either', async () => {
    const [one, two] = await twoConnections(KEPT, '-c default_transaction_isolation=serializable');
    const first = await gatedOwner(one, CHAIN);
    await heldBefore(first, 'set first_height');
    expect(await ownerOf(two, CHAIN)).toEqual({ heights: [1, 1, 2] });
    first.open();
    expect(causeOf(await first.outcome)).toMatchObject({ code: '40001' });
    await expectWhole(admin(), CHAIN);
    await Promise.all([one.end(), two.end()]);
  });
});
