import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { from, lastValueFrom, toArray } from 'rxjs';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { storeContract } from '../../../lib/testing/storeContract.js';
import { CHAIN_ID, chainOf, type ChainEvent } from '../chainOf.js';
import { chainsSuite } from './chainsSuite.js';
import { position, refuse, sqlUnderTest } from './sqlUnderTest.js';
import { tableKeysSuite } from './tableKeysSuite.js';
import { tableValuesSuite } from './tableValuesSuite.js';
import { tableWriterSuite } from './tableWriterSuite.js';
import { upgradeSuite } from './upgradeSuite.js';
import type { Suite } from './writerOn.js';

// real databases, on machines that do other things besides
jest.setTimeout(30_000);

let db: PGlite;
beforeAll(async () => {
  db = await PGlite.create();
}, 60_000);
afterAll(() => db.close());

describe('the contract', () => storeContract({ test, open: () => sqlUnderTest(db), refuse, position }));
describe('S18a S18b S18c S18d the contract, fenced', () =>
  storeContract({ test, open: () => sqlUnderTest(db, { fence: true, name: 'fenced' }), refuse, position }));

describe('tableWriter', () => {
  const suite: Suite<PGlite> = {
    test,
    client: () => db,
    copy: (client, into, text) => client.query(`copy ${into} from '/dev/blob'`, [], { blob: new Blob([text]) }),
  };
  tableWriterSuite(suite);
  tableKeysSuite(suite);
  tableValuesSuite(suite);
});

describe('S15a S15b S16a S16b S16d S16e S17b S17f S18a S18b S18d S18e several chains', () => {
  let schemas = 0;
  const fresh = async () => {
    const schema = `chains_${++schemas}`;
    await db.query(`create schema ${schema}`);
    await db.query(`set search_path to ${schema}`);
    return db;
  };
  chainsSuite({ test, fresh });
  upgradeSuite({ test, fresh });
});

test('S7d COMMIT that answers ROLLBACK is an error, never a committed block', async () => {
  await db.query('create schema commits');
  await db.query('set search_path to commits');
  const blocks$ = storeBlocks<ChainEvent, PGlite, readonly ['Row']>(from(chainOf([{}])), {
    chainId: CHAIN_ID,
    store: sqlBlockStore(db),
    blockMark: event => event,
    subscribers: [{ types: ['Row'], next: (_event, sql) => sql.query('select no_such_thing').catch(() => undefined) }],
  });
  await expect(lastValueFrom(blocks$.pipe(toArray()))).rejects.toMatchObject({
    operation: 'commit',
    cause: { name: 'CommitRefusedError', found: 'ROLLBACK' },
  });
});
