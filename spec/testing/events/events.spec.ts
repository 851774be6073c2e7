import { describe, expect, test } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import fc from 'fast-check';
import { from, lastValueFrom, toArray } from 'rxjs';
import type { BusEvent } from '../../../lib/event/BusEvent.js';
import { verifyChain } from '../../../lib/operators/verifyChain.js';
import { verifySequence } from '../../../lib/operators/verifySequence.js';
import { eventArbitraries, eventOf } from 'rx-event-broker/testing';

describe('eventOf', () => {
  test('is at the beginning of a chain', () => {
    expect(eventOf('Trade')).toEqual({
      type: 'Trade',
      payload: undefined,
      blockNr: 1,
      sequence: 1,
      traceId: 'block-1',
      chainId: 'test-chain',
      txHash: 'block-1',
      compositeCount: 1,
    });
  });

  test('has the fields that the test is about; the hash follows the block', () => {
    const trade = eventOf('Trade', { payload: { size: 3n }, blockNr: 7 });
    expectTypeOf(trade).toEqualTypeOf<BusEvent<'Trade', { size: bigint }>>();
    expect(trade).toMatchObject({ payload: { size: 3n }, blockNr: 7, traceId: 'block-7', txHash: 'block-7' });
    expect(eventOf('Trade', { traceId: 'ab', txHash: 'cd' })).toMatchObject({ traceId: 'ab', txHash: 'cd' });
  });
});

describe('eventArbitraries', () => {
  const { event, block, stream } = eventArbitraries(fc, {
    types: ['Order', 'Trade'],
    chainId: 'c',
    maxBlocks: 4,
    maxEvents: 5,
  });

  test('F6 verifySequence and verifyChain accept every stream', async () => {
    await fc.assert(
      fc.asyncProperty(stream, async events => {
        const passed = await lastValueFrom(from(events).pipe(verifyChain('c'), verifySequence(), toArray()));
        expect(passed).toEqual(events);
        expect(events.length).toBeLessThanOrEqual(4 * 5 + 5);
      }),
    );
  });

  test('streams are of every kind: empty, several blocks, a first block that comes twice, events that stand for no record', () => {
    const streams = fc.sample(stream, { numRuns: 300, seed: 1 });
    const heights = streams.map(events => new Set(events.map(({ blockNr }) => blockNr)).size);
    const hashes = streams.map(events => new Set(events.map(({ traceId }) => traceId)).size);
    expect(heights).toContain(0);
    expect(heights).toContain(4);
    expect(hashes.some((count, i) => count === (heights[i] ?? 0) + 1)).toBe(true);
    expect(streams.flat().some(({ compositeCount }) => compositeCount === 0)).toBe(true);
    expect(new Set(streams.flat().map(({ type }) => type))).toEqual(new Set(['Order', 'Trade']));
  });

  test('a block begins at sequence 1 and has one hash; an event may be anywhere', () => {
    fc.assert(
      fc.property(block, events => {
        expect(events[0]?.sequence).toBe(1);
        expect(new Set(events.map(({ traceId }) => traceId)).size).toBe(1);
      }),
    );
    expectTypeOf(event).toEqualTypeOf<fc.Arbitrary<BusEvent<'Order' | 'Trade', null>>>();
    expect(fc.sample(event, { numRuns: 50, seed: 1 }).some(({ sequence }) => sequence > 1)).toBe(true);
  });

  test('payloads are those of the test', () => {
    const of = eventArbitraries(fc, { types: ['Trade'], payload: fc.record({ size: fc.bigInt() }) });
    expectTypeOf(of.block).toEqualTypeOf<fc.Arbitrary<readonly BusEvent<'Trade', { size: bigint }>[]>>();
    fc.assert(fc.property(of.event, ({ payload }) => typeof payload.size === 'bigint'));
  });

  test('a failure shrinks to one event in block 1', () => {
    const details = fc.check(
      fc.property(stream, events => events.length === 0),
      { seed: 3 },
    );
    expect(details.counterexample?.[0]).toEqual([eventOf('Order', { payload: null, chainId: 'c', compositeCount: 0 })]);
  });
});
