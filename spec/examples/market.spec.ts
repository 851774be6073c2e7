import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import { vegaDecoder, type VegaEvent } from 'rx-event-broker/vega';
import { type MarketOptions, marketRun } from '../../examples/market/index.js';
import { orderBook, type BookOrder } from '../../examples/market/orderBook.js';

const small: MarketOptions = { seed: 7, blocks: 60, firstBlockTwice: true };

const decoded = (options: MarketOptions): readonly VegaEvent[] =>
  [...marketRun(options).messages].map(message => {
    const result = vegaDecoder.decode(message);
    if (!isRight(result)) throw result.left;
    return result.right;
  });

const digest = (options: MarketOptions): string => {
  const hash = createHash('sha256');
  for (const message of marketRun(options).messages) hash.update(message);
  return hash.digest('hex');
};

describe('a run of the market simulator', () => {
  test('gives the same bytes for the same seed, today and tomorrow', () => {
    expect(digest(small)).toBe('a84384a047a5da8de85f99745442d44596042d94e825122eaa5723e91d5b8f6f');
    expect(digest({ ...small, seed: 8 })).not.toBe(digest(small));
  });

  test('is a sequence by rule F6', () => {
    const events = decoded({ ...small, blocks: 200 });
    let firstHeights = 0;
    events.forEach((event, index) => {
      const before = events[index - 1];
      const isNext = before?.blockNr === event.blockNr && event.sequence === before.sequence + before.compositeCount;
      if (isNext) return;
      expect(event.sequence).toBe(1);
      expect(event.type).toBe('BeginBlock');
      if (event.blockNr === 1) firstHeights++;
      else expect(event.blockNr).toBe((before?.blockNr ?? 0) + 1);
    });
    expect(firstHeights).toBe(2);
    const counts = events.filter(({ type }) => type === 'CancelledOrders').map(event => event.compositeCount);
    expect(counts).toContain(0);
    expect(Math.max(...counts)).toBeGreaterThan(1);
  });

  test('is made of blocks that begin and end, with the hash in upper case and in lower case', () => {
    let open: VegaEvent | undefined;
    for (const event of decoded(small)) {
      if (event.type === 'BeginBlock') {
        expect(open).toBeUndefined();
        expect(event.traceId).toMatch(/^[0-9A-F]{64}$/);
        expect(event.payload.hash).toBe(event.traceId.toLowerCase());
        expect(event.payload.height).toBe(event.blockNr);
        open = event;
      }
      expect(event.traceId).toBe(open?.traceId);
      expect(event.chainId).toBe('market-sim');
      expect(event.txHash).toMatch(/^[0-9A-F]{64}$/);
      if (event.type === 'EndBlock') open = undefined;
    }
    expect(open).toBeUndefined();
  });

  test('has its first height twice on request, with one time and two hashes', () => {
    const begins = (options: MarketOptions) =>
      decoded(options).flatMap(event => (event.type === 'BeginBlock' ? [event.payload] : []));
    const [genesis, real, second] = begins(small);
    expect([genesis?.height, real?.height, second?.height]).toEqual([1, 1, 2]);
    expect(genesis?.timestamp).toBe(real?.timestamp);
    expect(genesis?.hash).not.toBe(real?.hash);
    expect(begins({ seed: 7, blocks: 3 }).map(({ height }) => height)).toEqual([1, 2, 3]);
  });

  test('counts its events as its readers do', () => {
    const run = marketRun(small);
    const types: Record<string, number> = {};
    const volume: Record<string, bigint> = {};
    let events = 0;
    for (const message of run.messages) {
      const result = vegaDecoder.decode(message);
      if (!isRight(result)) throw result.left;
      const event = result.right;
      events++;
      types[event.type] = (types[event.type] ?? 0) + 1;
      if (event.type === 'Trade') {
        volume[event.payload.marketId] = (volume[event.payload.marketId] ?? 0n) + event.payload.size;
      }
      // The counter is never ahead of what was taken.
      expect(run.totals().events).toBe(events);
    }
    expect(run.totals().byType).toEqual(types);
    expect(run.totals().blocks).toBe(61);
    expect(run.totals().volume).toEqual(volume);
    expect(Object.keys(volume)).toHaveLength(2);
  });

  test('conserves money: the total of each asset does not change, and no balance is negative', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), (seed, blocks) => {
        const sums = (upTo: number): Record<string, bigint> => {
          const run = marketRun({ seed, blocks: upTo, ordersPerBlock: 20 });
          const taken = [...run.events].length;
          expect(run.totals().events).toBe(taken);
          const byAsset: Record<string, bigint> = {};
          for (const [key, balance] of Object.entries(run.totals().balances)) {
            const asset = key.split('/')[1]!;
            expect(BigInt(balance)).toBeGreaterThanOrEqual(0n);
            byAsset[asset] = (byAsset[asset] ?? 0n) + BigInt(balance);
          }
          return byAsset;
        };
        const opening: Record<string, bigint> = {};
        for (const event of marketRun({ seed, blocks: 1, ordersPerBlock: 0 }).events) {
          if (event.type !== 'Account') continue;
          opening[event.payload.asset] = (opening[event.payload.asset] ?? 0n) + BigInt(event.payload.balance);
        }
        expect(sums(blocks)).toEqual(opening);
      }),
      { numRuns: 25 },
    );
  });

  test('is lazy: the first events of an endless run', () => {
    const types: string[] = [];
    for (const event of marketRun({ seed: 1, blocks: Infinity }).events) {
      types.push(event.type);
      if (types.length === 3) break;
    }
    expect(types).toEqual(['BeginBlock', 'TimeUpdate', 'Asset']);
  });

  test('emits every kind of event that the demos need', () => {
    const types = new Set(decoded({ seed: 7, blocks: 200 }).map(({ type }) => type));
    expect([...types].sort()).toEqual([
      'Account',
      'Asset',
      'BeginBlock',
      'CancelledOrders',
      'EndBlock',
      'EpochUpdate',
      'ExpiredOrders',
      'MarketData',
      'MarketTick',
      'Order',
      'Party',
      'SnapshotTaken',
      'TimeUpdate',
      'Trade',
      'TxError',
    ]);
  });
});

describe('an order book', () => {
  const drafts = fc.array(
    fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      price: fc.integer({ min: 1, max: 6 }),
      size: fc.integer({ min: 1, max: 5 }),
      remove: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
    }),
    { maxLength: 40 },
  );

  test('fills the best price first, and the oldest order of a price first, as a sorted list does', () => {
    fc.assert(
      fc.property(drafts, orders => {
        const book = orderBook<BookOrder>();
        // The slow, obvious one: all resting orders in the order of their arrival.
        let resting: BookOrder[] = [];
        orders.forEach(({ side, price, size, remove }, number) => {
          const order: BookOrder = { id: String(number), party: 'p', side, price, size, remaining: size };
          const opposite = resting
            .filter(other => other.side !== side && (side === 'buy' ? other.price <= price : other.price >= price))
            .sort((one, other) => (side === 'buy' ? one.price - other.price : other.price - one.price));
          const expected: [string, number, number][] = [];
          let left = size;
          for (const other of opposite) {
            const filled = Math.min(left, other.remaining);
            if (filled > 0) expected.push([other.id, other.price, filled]);
            left -= filled;
          }
          expect(book.match(order).map(fill => [fill.resting.id, fill.price, fill.size])).toEqual(expected);
          expect(order.remaining).toBe(left);
          resting = resting.filter(other => other.remaining > 0);
          if (left > 0) {
            book.rest(order);
            resting.push(order);
          }
          const removed = remove === undefined ? undefined : resting[remove];
          if (removed !== undefined) {
            book.remove(removed);
            resting = resting.filter(other => other !== removed);
          }
        });
      }),
    );
  });
});
