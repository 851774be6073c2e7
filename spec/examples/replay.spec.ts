import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { offsetOf } from './recording.js';
import { events, messages, ofRun, replay, replayJson, root, sound, totals } from './replaying.js';

describe('replay of a valid recording', () => {
  test('prints the counts of the simulator, with the agreed keys in their order', async () => {
    const result = await replayJson(...ofRun());
    expect(Object.keys(result).join()).toBe(
      'records,events,blocks,firstHeight,lastHeight,chainId,byType,subscribers,unrouted,peakRssMiB',
    );
    const { records, blocks, firstHeight, lastHeight, chainId, byType } = result;
    expect({ records, events: result.events, blocks, firstHeight, lastHeight, chainId, byType }).toEqual({
      records: totals.events,
      events: totals.events,
      blocks: totals.blocks,
      firstHeight: 1,
      lastHeight: 60,
      chainId: 'market-sim',
      byType: totals.byType,
    });
    expect(result.peakRssMiB).toBeGreaterThan(10);
  });

  test('B1, B4 the required subscriber gets all but the unlisted events', async () => {
    const unlisted = totals.byType['TxError'] ?? 0;
    expect(unlisted).toBeGreaterThan(0);
    const { subscribers, unrouted } = await replayJson(...ofRun());
    const count = totals.events - unlisted;
    expect(unrouted).toBe(unlisted);
    expect(JSON.stringify(subscribers)).toBe(
      `[{"name":"required","required":true,"offered":${count},"delivered":${count},"failed":0,"dropped":0,"skipped":0,"pending":0,"received":${count}}]`,
    );
  });

  test('B4 --types selects single types, a group, and types that All leaves out', async () => {
    const { byType } = totals;
    const delivered = async (types: string) => {
      const { subscribers, unrouted } = await replayJson(...ofRun(), '--types', types);
      expect(unrouted).toBe(totals.events - subscribers[0]!.offered);
      return subscribers[0]!.delivered;
    };
    expect(await delivered('Order,Trade')).toBe(byType['Order']! + byType['Trade']!);
    expect(await delivered('Market')).toBe(byType['MarketTick']);
    expect(await delivered('All,TxError')).toBe(totals.events);
  });

  test('B3 --slow adds an optional subscriber, which drops, and whose tally balances', async () => {
    const { subscribers } = await replayJson(...ofRun(), '--slow', '1');
    expect(subscribers.map(({ name, required }) => [name, required])).toEqual([
      ['required', true],
      ['optional', false],
    ]);
    const { offered, delivered, failed, dropped, skipped, pending, received } = subscribers[1]!;
    expect(offered).toBe(subscribers[0]!.offered);
    expect(dropped).toBeGreaterThan(0);
    expect(offered).toBe(delivered + dropped);
    expect({ failed, skipped, pending, received }).toEqual({ failed: 0, skipped: 0, pending: 0, received: delivered });
  });

  test('R1, R2 reads gzipped files, and several in the order of their names', async () => {
    const half = offsetOf(messages, 40);
    const { records } = await replayJson(
      ...ofRun({ 'a.evt.gz': gzipSync(sound.subarray(0, half)), 'b.evt': sound.subarray(half) }),
    );
    expect(records).toBe(messages.length);
  });

  test('R3 counts records before the first begin-block, and leaves their events out', async () => {
    const { records, firstHeight, ...counted } = await replayJson(
      ...ofRun({ 'a.evt': sound.subarray(offsetOf(messages, 1)) }),
    );
    expect(records).toBe(messages.length - 1);
    expect(firstHeight).toBe(2);
    expect(counted.events).toBe(events.filter(({ blockNr }) => blockNr > 1).length);
  });

  test('without --json it prints the same as text', async () => {
    const { code, out, err } = await replay(...ofRun());
    expect(code).toBe(0);
    const count = totals.events.toLocaleString('en');
    expect(out).toContain(`chain market-sim: ${count} records, ${count} events in 60 blocks, heights 1 to 60`);
    expect(out).toMatch(/required: ([\d,]+) offered = \1 delivered \+ 0 failed \+ 0 dropped/);
    expect(err).toContain('replayed 100 %');
  });
});

const recorded = resolve(root, '../shared/recorded-events');
const isThere = existsSync(recorded);
if (!isThere && process.env['CI'] !== 'true')
  console.warn(`skipped, because ${recorded} is not there: replaying what a Go node recorded`);
(isThere || process.env['CI'] === 'true' ? describe : describe.skip)('what a Go node recorded', () => {
  test('B1, R1 is replayed: every event but the one unlisted reaches the required subscriber', async () => {
    const result = await replayJson('--directory', recorded, '--chain-id', 'testnet-001');
    expect(result).toMatchObject({
      records: 6964,
      events: 6964,
      blocks: 1088,
      firstHeight: 1,
      lastHeight: 1087,
      chainId: 'testnet-001',
      unrouted: 1,
      subscribers: [{ offered: 6963, delivered: 6963, received: 6963, failed: 0, dropped: 0, skipped: 0, pending: 0 }],
    });
    expect(Object.keys(result.byType)).toHaveLength(44);
    expect(result.byType).toMatchObject({
      ...{ BeginBlock: 1088, TimeUpdate: 1088, EndBlock: 1088, MarketData: 867, MarketTick: 761, Account: 233 },
      ...{ Order: 52, Trade: 4, EpochUpdate: 221, SnapshotTaken: 50, TxError: 1 },
    });
  });
});
