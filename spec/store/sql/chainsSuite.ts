import { expect, test as plainTest } from '@jest/globals';
import type { StoredBlock } from '../../../lib/store/blocks.js';
import { sqlBlockStore, type SqlBlockStore, type SqlBlockStoreOptions } from '../../../lib/store/sql/sqlBlockStore.js';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import { chainOf } from '../chainOf.js';
import { causeOf, ownerOf } from './ownerOf.js';

/** Where a suite runs: `fresh` gives a connection to an empty schema. */
export interface Chains {
  readonly test: (name: string, body: () => Promise<void>) => void;
  readonly fresh: () => Promise<SqlClient>;
}

export const blockAt = (height: number, hash = `ab${height}`): StoredBlock => ({ height, hash, time: 0n });

/** Stores a block, as `storeBlocks` does. */
export const commitBlock = async (store: SqlBlockStore<SqlClient>, height: number, received = 0): Promise<void> => {
  const tx = await store.begin();
  try {
    await store.add(tx, blockAt(height));
    await store.commit(tx, received);
  } catch (error) {
    await store.rollback(tx);
    throw error;
  }
};

const opened = async (client: SqlClient, options: SqlBlockStoreOptions): Promise<SqlBlockStore<SqlClient>> => {
  const store = sqlBlockStore(client, options);
  await store.progress();
  return store;
};

const BAD_NAMES = ['x'.repeat(201), 'ü'.repeat(101), 'a\0b', '\ud800', 7, null];

export const chainsSuite = ({ test, fresh }: Chains): void => {
  for (const fence of [false, true]) {
    const how = fence ? 'fenced' : 'not fenced';

    test(`S15a chains of different names, ${how}: each its own progress, blocks and position`, async () => {
      const client = await fresh();
      for (const [name, height] of [
        ['', 1],
        ['a', 7],
        ['ä"\'\\', 3],
      ] as const) {
        const store = await opened(client, { name, fence });
        store.position.follow!(received => `${name} ${received}`);
        await commitBlock(store, height, height);
        await commitBlock(store, height + 1, height + 10);
      }
      for (const [name, height] of [
        ['', 1],
        ['a', 7],
        ['ä"\'\\', 3],
      ] as const) {
        const store = sqlBlockStore(client, { name, fence });
        expect(await store.progress()).toEqual({ firstHeight: height, height: height + 1, hashes: [`ab${height}`] });
        expect(await store.position.read()).toBe(`${name} ${height + 10}`);
        const { rows } = await client.query(
          'select height::int as height from block_store_blocks where name = $1 order by height',
          [name],
        );
        expect(rows).toEqual([{ height }, { height: height + 1 }]);
      }
      expect(await opened(client, { name: 'none' }).then(store => store.position.read())).toBeUndefined();
    });
  }

  test('S15b a name may have 200 bytes', async () => {
    const client = await fresh();
    const name = 'ü'.repeat(100);
    await commitBlock(await opened(client, { name }), 1);
    expect(await sqlBlockStore(client, { name }).progress()).toMatchObject({ height: 1 });
  });

  plainTest('S15b any other name is rejected', () => {
    const client: SqlClient = { query: () => Promise.reject(new Error('not called')) };
    for (const name of BAD_NAMES)
      expect(() => sqlBlockStore(client, { name: name as string })).toThrow(
        'name: expected a text of at most 200 bytes',
      );
    for (const maxIdleMs of [0, -1, 1.5, '9' as unknown as number])
      expect(() => sqlBlockStore(client, { maxIdleMs })).toThrow('maxIdleMs: expected a whole number, 1 or more');
    expect(() => sqlBlockStore(client, { fence: 'yes' as unknown as boolean })).toThrow(
      'fence: expected true or false',
    );
  });

  test('S17b an owner is rejected after another has taken over, before its first block and later', async () => {
    const client = await fresh();
    const options = { fence: true, name: 'p1' };
    const first = await opened(client, options);
    const second = await opened(client, options);
    await expect(commitBlock(first, 1)).rejects.toMatchObject({
      name: 'FencedError',
      chain: 'p1',
      mine: 1,
      found: 2,
      message: expect.stringContaining('another owner has taken over the chain "p1": expected epoch 1, found 2'),
    });
    await commitBlock(second, 1);
    await opened(client, options);
    await expect(commitBlock(second, 2)).rejects.toMatchObject({ name: 'FencedError', mine: 2, found: 3 });
    expect(await sqlBlockStore(client, { name: 'p1' }).progress()).toMatchObject({ height: 1 });
  });

  test('S17b of a chain that was removed, and of a block that is not the next one', async () => {
    const client = await fresh();
    const store = await opened(client, { fence: true });
    await commitBlock(store, 1);
    await expect(commitBlock(store, 3)).rejects.toMatchObject({ name: 'StoreConflictError', height: 3 });
    await client.query('delete from block_store_progress');
    await expect(commitBlock(store, 2)).rejects.toMatchObject({ name: 'FencedError', mine: 1, found: undefined });
    expect((await client.query('select height::int as height from block_store_blocks')).rows).toEqual([{ height: 1 }]);
  });

  test('S17f a store that is not fenced is shut out, too, before its first block and later', async () => {
    const client = await fresh();
    const plain = await opened(client, {});
    const owner = await opened(client, { fence: true });
    await expect(commitBlock(plain, 1)).rejects.toMatchObject({ name: 'FencedError', mine: 0, found: 1 });
    await commitBlock(owner, 1);
    const next = await opened(client, {});
    await commitBlock(next, 2);
    await opened(client, { fence: true });
    await expect(commitBlock(next, 3)).rejects.toMatchObject({ name: 'FencedError', mine: 1, found: 2 });
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 2 });
  });

  for (const fence of [false, true]) {
    const how = fence ? 'fenced' : 'not fenced';

    test(`S7h if a subscriber ends the transaction itself, its block fails, ${how}`, async () => {
      const client = await fresh();
      for (const ends of ['commit', 'rollback', 'commit; begin; select txid_current()']) {
        const store = await opened(client, { fence, name: ends });
        const tx = await store.begin();
        await store.add(tx, blockAt(1));
        for (const statement of ends.split('; ')) await client.query(statement);
        await expect(store.commit(tx, 0)).rejects.toMatchObject({ name: 'CommitRefusedError' });
        await store.rollback(tx);
      }
    });

    test(`S7d a transaction with a swallowed error, ${how}: COMMIT is answered with ROLLBACK`, async () => {
      const client = await fresh();
      const store = await opened(client, { fence });
      const tx = await store.begin();
      await store.add(tx, blockAt(1));
      await client.query('select no_such_thing').catch(() => undefined);
      await expect(store.commit(tx, 0)).rejects.toMatchObject({ name: 'CommitRefusedError', found: 'ROLLBACK' });
      await store.rollback(tx);
      const untagged = {
        query: async (text: string, values?: unknown[]) => ({ rows: (await client.query(text, values)).rows }),
      };
      const other = await opened(untagged, { fence });
      const inOther = await other.begin();
      await other.add(inOther, blockAt(1));
      await client.query('select no_such_thing').catch(() => undefined);
      await expect(other.commit(inOther, 0)).rejects.toMatchObject({ found: 'a failed transaction' });
      await other.rollback(inOther);
      expect(await sqlBlockStore(client).progress()).toBeUndefined();
    });

    test(`S18d a position of 4096 bytes is stored, ${how}; a longer or broken one fails the block`, async () => {
      const client = await fresh();
      const store = await opened(client, { fence });
      store.position.follow!(() => 'ü'.repeat(2048));
      await commitBlock(store, 1);
      for (const bad of ['x'.repeat(4097), 'ü'.repeat(2049), 'a\0', '\udfff', 7, null]) {
        store.position.follow!(() => bad as string);
        await expect(commitBlock(store, 2)).rejects.toThrow('positionAt: expected a text of at most 4096 bytes');
      }
      expect(await store.progress()).toMatchObject({ height: 1 });
      expect(await store.position.read()).toBe('ü'.repeat(2048));
    });
  }

  test('S18e read waits for the progress, and after a rollback for the next one; it fails with it', async () => {
    const client = await fresh();
    const store = sqlBlockStore(client, { fence: true });
    const early = store.position.read();
    const seen: unknown[] = [];
    void early.then(position => seen.push(position));
    await client.query('select 1');
    expect(seen).toEqual([]);
    await store.progress();
    expect(await early).toBeUndefined();
    store.position.follow!(received => String(received));
    await commitBlock(store, 1, 5);
    expect(await store.position.read()).toBe('5');

    // another owner stores a block; this one is rejected, and reads its position anew
    const other = await opened(client, { fence: true });
    other.position.follow!(received => String(received));
    await commitBlock(other, 2, 9);
    await expect(commitBlock(store, 2, 8)).rejects.toMatchObject({ name: 'FencedError' });
    const late = store.position.read();
    await store.progress();
    expect(await late).toBe('9');

    await client.query('update block_store_version set version = 3');
    await store.rollback(await store.begin());
    const failing = store.position.read();
    await expect(store.progress()).rejects.toMatchObject({ name: 'SchemaVersionError' });
    await expect(failing).rejects.toMatchObject({ name: 'SchemaVersionError' });
    await client.query('update block_store_version set version = 2');
    const again = store.position.read();
    await store.progress();
    expect(await again).toBe('9');
    expect(() => store.position.follow!('no' as never)).toThrow('positionAt: expected a function');
  });

  test('S18a S18b under storeBlocks, with events between blocks: a second owner continues after the last end-block', async () => {
    const client = await fresh();
    await client.query('create table kept (value integer)');
    const events = chainOf([{ snapshot: 'after' }, { snapshot: 'after' }, { snapshot: 'after' }, {}]);
    const ends = events.flatMap(({ kind }, i) => (kind === 'end' ? [i + 1] : []));
    expect(await ownerOf(client, events.slice(0, ends[2]! + 1))).toEqual({ heights: [1, 1, 2] });
    const store = await opened(client, { fence: true });
    expect(await store.position.read()).toBe(String(ends[2]));
    expect(causeOf(await ownerOf(client, events))).toBeUndefined();
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 4 });
    expect((await client.query('select value from kept order by value')).rows).toEqual(
      [1000, 1500, 2000, 3000, 4000].map(value => ({ value })),
    );
  });
};
