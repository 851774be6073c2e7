import { describe, expect } from '@jest/globals';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { blockAt, chainsSuite, commitBlock } from './chainsSuite.js';
import { gatedClient } from './gatedClient.js';
import { onPostgres } from './onPostgres.js';
import { pidOf, sessions } from './sessions.js';
import { ADD_OF_VERSION_1, TABLES_OF_VERSION_1 } from './tablesOfVersion1.js';
import { upgradeSuite } from './upgradeSuite.js';

const { test, admin, newSchema, connect } = onPostgres();
const { waitsForLock, kill } = sessions(admin);

describe('S15a S15b S16a S16b S16d S16e S17b S17f S18a S18b S18d S18e on one connection', () => {
  const fresh = async () => connect(await newSchema());
  chainsSuite({ test, fresh });
  upgradeSuite({ test, fresh });
});

describe('the upgrade', () => {
  test('S16c S16a several programs that start at the same time upgrade the tables once', async () => {
    for (let round = 0; round < 5; round++) {
      const schema = await newSchema(...TABLES_OF_VERSION_1);
      const clients = await Promise.all([1, 2, 3, 4].map(() => connect(schema)));
      const found = await Promise.all(clients.map(client => sqlBlockStore(client).progress()));
      expect(found).toEqual(Array(4).fill({ firstHeight: 4, height: 6, hashes: ['ee4', 'ab4'] }));
      await Promise.all(clients.map(client => client.end()));
    }
  });

  test('S16b killed before any statement, the next program upgrades the tables', async () => {
    let kills = 0;
    for (let isUpgraded = false; !isUpgraded; kills++) {
      const schema = await newSchema(...TABLES_OF_VERSION_1);
      const doomed = await connect(schema);
      const gate = gatedClient(doomed);
      const pid = await pidOf(doomed);
      const progress = sqlBlockStore(gate.client)
        .progress()
        .then(
          () => (isUpgraded = true),
          (error: unknown) => error,
        );
      const isDone = (): Promise<boolean> => Promise.race([gate.next().then(() => false), progress.then(() => true)]);
      for (let i = 0; i < kills && !(await isDone()); i++) gate.release();
      const wasDone = await isDone();
      await kill(pid);
      if (!wasDone) gate.open();
      await progress;
      const next = await connect(schema);
      expect(await sqlBlockStore(next).progress()).toEqual({ firstHeight: 4, height: 6, hashes: ['ee4', 'ab4'] });
      expect((await next.query('select height::int as h from block_store_blocks order by h')).rows).toEqual([
        { h: 4 },
        { h: 5 },
        { h: 6 },
      ]);
      await next.end();
    }
    expect(kills).toBe(15);
  });

  test('S16d the upgrade waits for the open block of a program of version 1', async () => {
    const schema = await newSchema(...TABLES_OF_VERSION_1);
    const [old, client] = [await connect(schema), await connect(schema)];
    await old.query('begin');
    await old.query(ADD_OF_VERSION_1, ['7', 'ab7', '2023-11-14 22:13:23+00']);
    const pid = await pidOf(client);
    const progress = sqlBlockStore(client).progress();
    expect(await waitsForLock(pid, progress)).toBe(true);
    await old.query('commit');
    expect(await progress).toMatchObject({ height: 7 });
    await expect(old.query(ADD_OF_VERSION_1, ['8', 'ab8', '2023-11-14 22:13:24+00'])).rejects.toThrow();
    expect(await sqlBlockStore(client).progress()).toMatchObject({ height: 7 });
    await Promise.all([old.end(), client.end()]);
  });
});

describe('chains', () => {
  for (const fence of [false, true]) {
    test(`S15c an open block of one chain does not keep another waiting, ${fence ? '' : 'not '}fenced`, async () => {
      const schema = await newSchema();
      const [one, two] = [await connect(schema), await connect(schema)];
      const a = sqlBlockStore(one, { name: 'a', fence });
      const b = sqlBlockStore(two, { name: 'b', fence });
      await a.progress();
      const tx = await a.begin();
      await a.add(tx, blockAt(1));
      // the lock is also there between the last statement and COMMIT
      await one.query(`select from block_store_progress where name = 'a' for update`);
      const pid = await pidOf(two);
      const stored = b.progress().then(() => commitBlock(b, 1));
      expect(await waitsForLock(pid, stored)).toBe(false);
      await stored;
      await a.commit(tx, 0);
      expect(
        (await admin().query('select name, height::int as height from block_store_blocks order by name')).rows,
      ).toEqual([
        { name: 'a', height: 1 },
        { name: 'b', height: 1 },
      ]);
      await Promise.all([one.end(), two.end()]);
    });
  }
});
