import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Client } from 'pg';
import protobuf from 'protobufjs';
import { from, lastValueFrom, toArray } from 'rxjs';
import { deserialize } from '../../../lib/operators/deserialize.js';
import { verifySequence } from '../../../lib/operators/verifySequence.js';
import { sqlBlockStore } from '../../../lib/store/sql/sqlBlockStore.js';
import { tableWriter } from '../../../lib/store/sql/tableWriter.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { blockMark, vegaDecoder, type VegaEvent } from '../../../lib/vega.js';
import { envelopeType, isRecordingThere, recordedMessages, reference, withCodec } from '../../vega/reference.js';
import { newDatabase, type Database } from './database.js';

jest.setTimeout(60_000);

type Account = Extract<VegaEvent, { readonly type: 'Account' }>;
type Order = Extract<VegaEvent, { readonly type: 'Order' }>;

const accounts = tableWriter<VegaEvent, 'Account', Client>({
  types: ['Account'],
  table: 'accounts',
  columns: ['owner', 'asset', 'market', 'type', 'balance'],
  keys: ['owner', 'asset', 'market', 'type'],
  rowsOf: ({ payload }: Account) => [[payload.owner, payload.asset, payload.marketId, payload.type, payload.balance]],
});
const orders = tableWriter<VegaEvent, 'Order', Client>({
  types: ['Order'],
  table: 'orders',
  columns: ['id', 'status', 'remaining', 'version'],
  keys: ['id'],
  rowsOf: ({ payload }: Order) => [[payload.id, payload.status, payload.remaining, payload.version]],
});

/** What protobufjs finds: the payload of each message of a type, in order, with the height of its block. */
const payloadsOf = (name: 'Account' | 'Order' | 'BeginBlock' | 'SnapshotTaken'): readonly Record<string, unknown>[] => {
  const [number, field] = withCodec[name];
  return recordedMessages().flatMap(message => {
    if ((envelopeType.decode(message) as unknown as { type: number }).type !== number) return [];
    const reader = protobuf.Reader.create(message);
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      if (tag >>> 3 === field) {
        const payload = reference(name, reader.bytes()) as Record<string, unknown>;
        return [payload];
      }
      reader.skipType(tag & 7);
    }
    return [];
  });
};

if (!isRecordingThere && process.env['CI'] !== 'true') {
  console.warn('SKIPPED: ../shared/recorded-events is not there');
}

(isRecordingThere || process.env['CI'] === 'true' ? describe : describe.skip)(
  'the recorded events in PostgreSQL',
  () => {
    let database: Database | undefined;
    let client: Client;
    beforeAll(async () => {
      database = await newDatabase();
      if (database === undefined) return;
      client = await database.connect();
      await client.query(`create table accounts (owner text, asset text, market text, type integer, balance numeric,
      primary key (owner, asset, market, type))`);
      await client.query('create table orders (id text primary key, status text, remaining numeric, version numeric)');
    });
    afterAll(async () => {
      await client?.end();
      await database?.drop();
    });

    test('S1 S2 S3 all blocks, the first height twice; balances and orders as another decoder has them', async () => {
      if (database === undefined) return;
      const events$ = from(recordedMessages()).pipe(deserialize(vegaDecoder), verifySequence());
      const blocks = await lastValueFrom(
        storeBlocks<VegaEvent, Client, readonly ['Account', 'Order']>(events$, {
          chainId: 'testnet-001',
          store: sqlBlockStore(client),
          blockMark,
          subscribers: [accounts, orders],
        }).pipe(toArray()),
        { defaultValue: [] },
      );
      const begun = payloadsOf('BeginBlock');
      expect(begun).toHaveLength(1088);
      expect(blocks.map(({ height, hash, time }) => ({ height, hash, time }))).toEqual(
        begun.map(({ height, hash, timestamp }) => ({
          height,
          hash,
          time: ((timestamp as bigint) / 1000n) * 1000n,
        })),
      );
      expect(blocks.map(({ height }) => height)).toEqual([1, ...Array.from({ length: 1087 }, (_, i) => i + 1)]);
      // the last one of the 50 belongs to a protocol upgrade
      const snapshots = payloadsOf('SnapshotTaken').filter(one => one['protocolUpgradeBlock'] === false);
      expect(snapshots).toHaveLength(49);
      expect(blocks.filter(({ snapshotTaken }) => snapshotTaken).map(({ height }) => height)).toEqual(
        snapshots.map(one => one['blockHeight']),
      );

      const heights = await client.query('select count(*)::int as n, max(height)::int as last from block_store_blocks');
      expect(heights.rows).toEqual([{ n: 1087, last: 1087 }]);

      const balances = new Map(
        payloadsOf('Account').map(({ owner, asset, marketId, type, balance }) => [
          JSON.stringify([owner, asset, marketId, type]),
          balance,
        ]),
      );
      const kept = await client.query<Record<string, unknown>>(
        'select owner, asset, market, type, balance::text from accounts',
      );
      expect(
        new Map(
          kept.rows.map(({ owner, asset, market, type, balance }) => [
            JSON.stringify([owner, asset, market, type]),
            balance,
          ]),
        ),
      ).toEqual(balances);

      const states = new Map(
        payloadsOf('Order').map(({ id, status, remaining, version }) => [
          id,
          [status, String(remaining), String(version)],
        ]),
      );
      const found = await client.query<Record<string, unknown>>(
        'select id, status, remaining::text, version::text from orders',
      );
      expect(
        new Map(found.rows.map(({ id, status, remaining, version }) => [id, [status, remaining, version]])),
      ).toEqual(states);
      expect([balances.size, states.size].every(size => size > 10)).toBe(true);
    });
  },
);
