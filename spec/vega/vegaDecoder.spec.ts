import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeEvent, type VegaEvent } from '../../lib/vega.js';
import { ascii, decode, field, hex, parts, put } from './endBlockBytes.js';

describe('valid bytes', () => {
  test('E4b give type and position immediately, and the rest on first access', () => {
    const event = decode(put());
    expect(Object.keys(event)).toEqual(['type', 'blockNr', 'sequence']);
    expect([event.type, event.blockNr, event.sequence]).toEqual(['EndBlock', 12, 3]);
    expect([event.traceId, event.chainId, event.txHash, event.compositeCount]).toEqual(['AB', 'c', 'CD', 1]);
    expect(event.payload).toEqual({ height: 12 });
    expect(event.payload).toBe(event.payload);
  });

  test('E4a E4c are not decoded before they are asked for', () => {
    const bytes = put();
    const event = decode(bytes);
    bytes.set(put({ block: field('12', ascii('ab')), chain: field('2a', ascii('d')), payload: field('aa09', '080d') }));
    expect([event.traceId, event.chainId, event.txHash, event.payload]).toEqual(['ab', 'd', 'CD', { height: 13 }]);
  });

  test('E3a give the payload as bytes if the type has no codec here', () => {
    const event = decode(put({ type: '1803', payload: field('b206', '0801ff') }));
    expect(event.type).toBe('LedgerMovements');
    expect(event.payload).toEqual(hex('0801ff'));
  });

  const legal: readonly (readonly [string, Partial<typeof parts>, Partial<VegaEvent>])[] = [
    ['no transaction', { tx: '' }, { txHash: '' }],
    ['an empty payload: all fields at their defaults', { payload: 'aa0900' }, { payload: { height: 0 } }],
    [
      'unknown fields of all wire types',
      { chain: `${parts.chain}3801 41${'00'.repeat(8)} 4a0161 55${'00'.repeat(4)}` },
      { chainId: 'c' },
    ],
    ['an unknown field above the payloads', { tx: `${parts.tx}c23e00` }, { txHash: 'CD' }],
    [
      'an unknown field in the payload',
      { payload: field('aa09', '080c1205616263646518ff01') },
      { payload: { height: 12 } },
    ],
    ['a scalar twice: the last counts', { chain: `${field('2a', ascii('b'))}${parts.chain}` }, { chainId: 'c' }],
    ['another order', { id: parts.payload, payload: parts.id }, { blockNr: 12, sequence: 3, payload: { height: 12 } }],
    ['a number in more bytes than it needs', { type: '18b280808000' }, { type: 'EndBlock' }],
    ['text beyond ASCII', { chain: field('2a', 'c3a9f09f9880efbbbf') }, { chainId: 'é😀\ufeff' }],
    ['a byte order mark, kept', { chain: field('2a', 'efbbbf61') }, { chainId: '\ufeffa' }],
    [
      'the highest height',
      { id: field('0a', ascii('9007199254740991-9007199254740991')) },
      { blockNr: 2 ** 53 - 1, sequence: 2 ** 53 - 1 },
    ],
    [
      'a height in the payload up to 2^53 - 1',
      { payload: field('aa09', '08ffffffffffffff0f') },
      { payload: { height: 2 ** 53 - 1 } },
    ],
  ];
  test.each(legal)('E1 %s', (_, other, expected) => {
    const event = decode(put(other));
    for (const [key, value] of Object.entries(expected)) expect(event[key as keyof VegaEvent]).toEqual(value);
  });

  test('E4 keep a text of any length whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 40 }), (traceId, chainId) => {
        const event = {
          type: 'EndBlock',
          blockNr: 1,
          sequence: 2,
          traceId,
          chainId,
          txHash: traceId,
          payload: { height: 1 },
        } as const;
        const { traceId: trace, chainId: chain, txHash } = decode(encodeEvent(event));
        expect([trace, chain, txHash]).toEqual([traceId, chainId, traceId]);
      }),
    );
  });
});
