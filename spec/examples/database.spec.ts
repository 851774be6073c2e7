import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newDatabase, type Database } from '../store/sql/database.js';
import { isRecordingThere } from '../vega/reference.js';

const root = resolve(__dirname, '../..');
const run = (example: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', `examples/${example}/index.ts`, ...args], { cwd: root });

let database: Database | undefined;
beforeAll(async () => {
  database = await newDatabase();
});
afterAll(async () => {
  await database?.drop();
});

describe('examples that keep events in a database', () => {
  test('S11 the store demo, killed in the middle of a block, ends with the totals of the simulator', async () => {
    if (database === undefined) return;
    const { stdout } = await run('store', '--database-url', database.url, '--blocks', '40', '--kill-at', '15');
    expect(stdout).toContain('All totals are equal.\n');
    expect(stdout).not.toContain('≠');
  }, 60_000);

  test('S1 replay --database-url stores the replayed events, once', async () => {
    if (database === undefined || !isRecordingThere) {
      if (process.env['CI'] === 'true') throw new Error('expected ../shared/recorded-events, found nothing');
      console.warn('SKIPPED: no recorded events in ../shared');
      return;
    }
    const directory = resolve(root, '../shared/recorded-events');
    const args = ['--directory', directory, '--chain-id', 'testnet-001', '--json', '--database-url', database.url];
    const client = await database.connect();
    for (let time = 0; time < 2; time++) {
      const { stdout } = await run('replay', ...args);
      const { byType } = JSON.parse(stdout) as { readonly byType: Readonly<Record<string, number>> };
      const { rows } = await client.query('select count(*)::int as count from public.trades');
      expect(rows).toEqual([{ count: byType['Trade'] }]);
    }
    await client.end();
  }, 60_000);

  test('a missing database is named, with exit code 1', async () => {
    if (database === undefined) return;
    const nowhere = new URL(database.url);
    nowhere.pathname = '/not_there';
    const args = ['--directory', 'spec', '--chain-id', 'x', '--database-url', nowhere.href];
    await expect(run('replay', ...args)).rejects.toMatchObject({
      code: 1,
      stderr: `replay: cannot use PostgreSQL at postgres://${nowhere.host}/not_there: database "not_there" does not exist\n`,
    });
  }, 60_000);
});
