import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { none, some } from 'fp-ts/lib/Option.js';
import { concatMap, from, lastValueFrom, map, NEVER, of, Subject, throwError, toArray } from 'rxjs';
import {
  attachVegaTime,
  blockMark,
  blockOf,
  compositeCount,
  encodeEvent,
  eventTypes,
  Market,
  sequencer,
  type VegaEvent,
} from '../../lib/vega.js';

const stamp = { blockNr: 7, sequence: 2, traceId: 'AB', chainId: 'c', txHash: 'CD', compositeCount: 1 };
const order = (id: string): VegaEvent => ({ ...stamp, type: 'Order', payload: { id } }) as VegaEvent;
const time = (timestamp: bigint): VegaEvent => ({ ...stamp, type: 'TimeUpdate', payload: { timestamp } });
const end: VegaEvent = { ...stamp, type: 'EndBlock', payload: { height: 7 } };

describe('the table of types', () => {
  test('has the numbers of the wire format', () => {
    const rows = Object.fromEntries(
      eventTypes.map(({ name, number, payloadField, payloadName }) => [name, [number, payloadField, payloadName]]),
    );
    expect(eventTypes).toHaveLength(99);
    expect(rows).toMatchObject({
      Unspecified: [0, undefined, 'unspecified'],
      TimeUpdate: [2, 101, 'time_update'],
      RiskFactor: [23, 122, 'risk_factor'],
      OracleData: [28, 127, 'oracle_data'],
      DelegationBalance: [29, 129, 'delegation_balance'],
      EpochUpdate: [31, 131, 'epoch_event'],
      Checkpoint: [35, 135, 'checkpoint'],
      StreamStart: [36, undefined, 'stream_start'],
      KeyRotation: [37, 136, 'key_rotation'],
      Erc20MultiSigSignerEvent: [42, 141, 'erc20_multisig_signer_event'],
      DistressedPositions: [58, 157, 'distressed_positions'],
      SpotLiquidityProvision: [59, undefined, 'spot_liquidity_provision'],
      StopOrder: [60, 158, 'stop_order'],
      Amm: [91, 189, 'amm'],
      AutomatedPurchaseAnnounced: [96, 194, 'automated_purchase_announced'],
      Market: [101, 1001, 'market'],
      TxError: [201, 2001, 'tx_err_event'],
    });
    expect(eventTypes.filter(({ inStream }) => !inStream).map(({ number }) => number)).toEqual([0, 1, 36, 55, 59, 101]);
  });

  test('B4 the group of a market', () => {
    expect(Market).toEqual(['PositionResolution', 'MarketCreated', 'MarketUpdated', 'MarketTick', 'Auction']);
  });
});

describe('sequencer', () => {
  test('F6 numbers by trace id from 1, each plus the count of the one before', () => {
    const number = sequencer();
    const next = (traceId: string, orders?: number): number =>
      number({
        traceId,
        type: orders === undefined ? 'Vote' : 'CancelledOrders',
        payload: { orderIds: Array<string>(orders ?? 0) },
      });
    expect([next('A'), next('A', 0), next('A', 3), next('B'), next('A'), next('B')]).toEqual([1, 2, 2, 1, 5, 2]);
  });

  test('F6 remembers the last three trace ids, in the order of their first use', () => {
    const number = sequencer();
    const next = (traceId: string): number => number({ traceId, type: 'Vote', payload: undefined });
    expect([next('A'), next('B'), next('C'), next('A'), next('B')]).toEqual([1, 1, 1, 2, 2]);
    expect(next('D')).toBe(1); // A is forgotten
    expect([next('B'), next('C'), next('D')]).toEqual([3, 2, 2]);
    expect(next('A')).toBe(1); // and now B is
    expect([next('C'), next('D'), next('A')]).toEqual([3, 3, 2]);
    expect(next('B')).toBe(1);
  });

  test('compositeCount is 1 but for two types', () => {
    const orderIds = ['a', 'b'];
    expect(compositeCount({ type: 'ExpiredOrders', payload: { orderIds } })).toBe(2);
    expect(compositeCount({ type: 'CancelledOrders', payload: { orderIds: [] } })).toBe(0);
    expect(compositeCount({ type: 'Order', payload: { orderIds } })).toBe(1);
  });
});

describe('blockOf', () => {
  const begin: VegaEvent = { ...stamp, type: 'BeginBlock', payload: { height: 7, timestamp: 1n, hash: 'ab' } };

  test('R3 returns block and begin, the block in lower case', () => {
    expect(blockOf(encodeEvent(begin))).toEqual({ block: 'ab', begins: true });
    expect(blockOf(encodeEvent(end))).toEqual({ block: 'ab', begins: false });
    const other = encodeEvent({ ...end, traceId: 'EF' });
    expect([blockOf(other), blockOf(encodeEvent(end)), blockOf(other)].map(({ block }) => block)).toEqual([
      'ef',
      'ab',
      'ef',
    ]);
  });

  test('R3 a message that cannot be read begins a block of its own, so that it reaches the decoder', () => {
    for (const bytes of [[], [0x0a], [0x12, 5, 0x41], [0x18, 49], [0x07]]) {
      expect(blockOf(Uint8Array.from(bytes))).toEqual({ block: '', begins: true });
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), bytes => typeof blockOf(bytes).block === 'string'));
  });
});

describe('blockMark', () => {
  const mark = (type: string, payload: unknown) => blockMark({ ...stamp, type, payload } as VegaEvent);
  const place = { chainId: 'c', hash: 'ab' };

  test('S1 marks the events that matter to a block store', () => {
    const begins = mark('BeginBlock', { height: 8, timestamp: 1_678_443_430_503_594_018n, hash: 'ab' });
    expect(begins).toEqual({ ...place, kind: 'begin', height: 8, time: 1_678_443_430_503_594_000n });
    expect(mark('EndBlock', { height: 8 })).toEqual({ ...place, kind: 'end', height: 8 });
    expect(mark('EpochUpdate', {})).toEqual({ ...place, kind: 'epoch', height: 7 });
    expect(mark('Order', {})).toEqual({ ...place, kind: 'other', height: 7 });
  });

  test('S5b, S6b a snapshot, one for an upgrade, and the upgrade with the height of the last block', () => {
    expect(mark('SnapshotTaken', { blockHeight: 6, protocolUpgradeBlock: false })).toEqual({
      ...place,
      kind: 'snapshot',
      height: 6,
    });
    expect(mark('SnapshotTaken', { blockHeight: 6, protocolUpgradeBlock: true }).kind).toBe('upgradeSnapshot');
    expect(mark('ProtocolUpgradeStarted', { lastBlockHeight: 6 })).toEqual({
      ...place,
      kind: 'upgradeStarted',
      height: 6,
    });
  });

  test.each([
    [1_999n, 1_000n],
    [1_000n, 1_000n],
    [0n, 0n],
    [-1n, -1_000n],
    [-1_000n, -1_000n],
    [-1_001n, -2_000n],
  ])('S2b cuts %d ns to the microsecond, towards the past', (timestamp, cut) => {
    expect(mark('BeginBlock', { height: 1, timestamp, hash: '' }).time).toBe(cut);
  });
});

describe('attachVegaTime', () => {
  const timesOf = (events: readonly VegaEvent[]) =>
    lastValueFrom(
      from(events).pipe(
        attachVegaTime(),
        map(event => (event.type === 'Order' ? event.vegaTime : event.type)),
        toArray(),
      ),
    );

  test('B13a B13b B13d attaches the last time, cut to the microsecond, to orders alone; before the first it is absent', async () => {
    const events = [order('a'), time(1_234_567n), order('b'), end, time(2_000_999n), time(3_000_999n), order('c')];
    expect(await timesOf(events)).toEqual([
      none,
      'TimeUpdate',
      some(1_234_000n),
      'EndBlock',
      'TimeUpdate',
      'TimeUpdate',
      some(3_000_000n),
    ]);
  });

  test('B13c keeps the order as it was, and other events themselves', async () => {
    const plain = order('a');
    const results = await lastValueFrom(of(plain, end).pipe(attachVegaTime(), toArray()));
    expect(results[0]).toEqual({ ...order('a'), vegaTime: none });
    expect(plain).toEqual(order('a'));
    expect(results[1]).toBe(end);
  });

  test('B13 keeps the time for each subscription', async () => {
    const shared = of(order('a'), time(5_000n)).pipe(attachVegaTime());
    const twice = await lastValueFrom(
      of(0, 0).pipe(
        concatMap(() => shared),
        toArray(),
      ),
    );
    expect(twice.map(event => 'vegaTime' in event && event.vegaTime)).toEqual([none, false, none, false]);
  });

  test('B13 passes on error, completion and unsubscription', () => {
    const heard: unknown[] = [];
    const failure = new Error('lost');
    throwError(() => failure)
      .pipe(attachVegaTime())
      .subscribe({ error: error => heard.push(error) });
    expect(heard).toEqual([failure]);
    const source = new Subject<VegaEvent>();
    const subscription = source.pipe(attachVegaTime()).subscribe(event => heard.push(event.type));
    source.next(end);
    subscription.unsubscribe();
    source.next(end);
    expect([heard.length, source.observed]).toEqual([2, false]);
    NEVER.pipe(attachVegaTime()).subscribe().unsubscribe();
  });
});
