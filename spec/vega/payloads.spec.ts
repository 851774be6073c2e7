import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import {
  CancelledOrders,
  encodeEvent,
  EndBlock,
  MarketTick,
  Order,
  payloadCodecs,
  Trade,
  vegaDecoder,
} from '../../lib/vega.js';
import { isPlain } from '../../lib/vega/wire/isPlain.js';
import type { MessageCodec } from '../../lib/vega/wire/message.js';
import { codecNames, comparable, payloadType, reference, type WithCodec } from './reference.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const codecs = payloadCodecs as unknown as Readonly<Record<WithCodec, MessageCodec<object>>>;
const decoded = <A>(codec: t.Type<A, Uint8Array>, bytes: Uint8Array): A => {
  const result = codec.decode(bytes);
  if (!isRight(result)) throw new Error(result.left.map(({ message }) => message).join());
  return result.right;
};

/** A message as protobufjs writes it: all its fields, now and then one left out, with the values that hurt. */
const anyMessage = fc.constantFrom(...codecNames).chain(name => {
  const type = payloadType(name);
  const kinds: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    string: fc.oneof(fc.constantFrom('', '0', '-1'), fc.string({ unit: 'binary', maxLength: 200 })),
    bytes: fc.uint8Array({ maxLength: 50 }),
    bool: fc.boolean(),
    int32: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer()),
    int64: fc.oneof(
      fc.constantFrom(0n, -1n, -(2n ** 63n), 2n ** 63n - 1n, -6795364578871345152n),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    ),
    uint64: fc.oneof(fc.constantFrom(0n, 2n ** 53n, 2n ** 64n - 1n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    count: fc.maxSafeNat().map(BigInt),
  };
  const fields = Object.values(type.fields).map(field => {
    const kind = /height$|^seq$/i.test(field.name) && field.type === 'uint64' ? 'count' : field.type;
    const one = kinds[kind]!;
    return [
      field.name,
      fc.option(field.repeated ? fc.array(one, { maxLength: 5 }) : one, { freq: 5, nil: undefined }),
    ] as const;
  });
  return fc.record(Object.fromEntries(fields)).map(values => {
    const sent = Object.fromEntries(
      Object.entries(values)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]),
    );
    return [name, type.encode(type.fromObject(sent)).finish()] as const;
  });
});

describe('payload codecs', () => {
  test('E1 read what protobufjs has written, as protobufjs reads it', () => {
    fc.assert(
      fc.property(anyMessage, ([name, bytes]) => {
        expect(comparable(decoded(codecs[name], bytes))).toEqual(reference(name, bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test('E1 write what protobufjs reads, and what they read again themselves', () => {
    fc.assert(
      fc.property(anyMessage, ([name, bytes]) => {
        const payload = decoded(codecs[name], bytes);
        const written = codecs[name].encode(payload);
        expect(codecs[name].is(payload)).toBe(true);
        expect(reference(name, written)).toEqual(reference(name, bytes));
        expect(decoded(codecs[name], written)).toEqual(payload);
      }),
      { numRuns: 1000 },
    );
  });

  test('E1 whole events are decoded to what was encoded', () => {
    fc.assert(
      fc.property(anyMessage, fc.maxSafeNat(), fc.maxSafeNat(), ([name, bytes], blockNr, sequence) => {
        const payload = decoded(codecs[name], bytes);
        const sent = { type: name, blockNr, sequence, traceId: 'AB', chainId: 'c', txHash: '', payload } as never;
        const result = vegaDecoder.decode(encodeEvent(sent));
        if (!isRight(result)) throw result.left;
        const { type, blockNr: block, sequence: number, payload: received } = result.right;
        expect([type, block, number, received]).toEqual([name, blockNr, sequence, payload]);
      }),
      { numRuns: 500 },
    );
  });

  test('E1 everything the fast check accepts, the full check accepts too', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
    let taken = 0;
    fc.assert(
      fc.property(anyMessage, changes, ([name, bytes], list) => {
        const changed = bytes.slice();
        for (const [at, byte] of list) if (changed.length > 0) changed[at % changed.length] = byte;
        const codec = codecs[name];
        if (!isPlain(codec.plainRules, changed, 0, changed.length)) return;
        taken++;
        codec.check(changed, 0, changed.length);
        codec.read(changed, 0, changed.length);
      }),
      { numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  test('E1 the reader reads what the check accepts, and rejects what it rejects', () => {
    const outcome = (act: () => unknown): string => {
      try {
        act();
        return 'sound';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(anyMessage, changes, ([name, bytes], list) => {
        const changed = bytes.slice();
        for (const [at, byte] of list) if (changed.length > 0) changed[at % changed.length] = byte;
        const codec = codecs[name];
        expect(outcome(() => codec.check(changed, 0, changed.length))).toBe(
          outcome(() => codec.read(changed, 0, changed.length)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('an order, byte by byte', () => {
    const bytes = Uint8Array.from([
      0x0a, 1, 0x61, 0x20, 2, 0x2a, 2, 0x31, 0x30, 0x30, 0xff, 1, 0x40, 1, 0x48, 9, 0x58, 7,
    ]);
    expect(decoded(Order, bytes)).toEqual({
      id: 'a',
      marketId: '',
      partyId: '',
      side: 'sell',
      price: '10',
      size: 255n,
      remaining: 0n,
      timeInForce: 1,
      type: 9, // a number that has no name yet is kept
      createdAt: 0n,
      status: 'partiallyFilled',
      expiresAt: 0n,
      reference: '',
      updatedAt: 0n,
      version: 0n,
    });
    expect([...Order.encode(decoded(Order, bytes))]).toEqual([...bytes]);
  });

  test('int64 is signed and uint64 is not, to their ends', () => {
    const ones = [...Array<number>(9).fill(0xff), 0x01];
    expect(decoded(MarketTick, Uint8Array.from([0x10, ...ones]))).toEqual({ id: '', time: -1n });
    expect(decoded(Trade, Uint8Array.from([0x20, ...ones])).size).toBe(2n ** 64n - 1n);
    expect([...MarketTick.encode({ id: '', time: -1n })]).toEqual([0x10, ...ones]);
  });

  test('is: a value that can be written, and no other', () => {
    const trade = decoded(Trade, new Uint8Array(0));
    expect(Trade.is(trade)).toBe(true);
    for (const wrong of [
      { size: -1n },
      { size: 2n ** 64n },
      { size: 5 },
      { timestamp: 2n ** 63n },
      { aggressor: 'up' },
      { type: 1.5 },
      { id: 1 },
    ]) {
      expect([wrong, Trade.is({ ...trade, ...wrong })]).toEqual([wrong, false]);
    }
    expect([EndBlock.is({ height: -1 }), EndBlock.is({ height: 2 ** 53 }), EndBlock.is({ height: 5 })]).toEqual([
      false,
      false,
      true,
    ]);
    expect([EndBlock.is(null), EndBlock.is('x'), EndBlock.is({})]).toEqual([false, false, false]);
    expect(CancelledOrders.is({ marketId: '', partyId: '', orderIds: ['a', 1] })).toBe(false);
  });

  test('decode: the failure says which field, what was expected and what was found', () => {
    const messages = (codec: t.Mixed, value: unknown): unknown => {
      const result = codec.decode(value);
      return isRight(result) ? 'sound' : result.left.map(({ message }) => message);
    };
    expect(messages(EndBlock, 'bytes')).toEqual(['EndBlock: expected a Uint8Array']);
    expect(messages(EndBlock, Uint8Array.of(0x08))).toEqual(['EndBlock.height: expected a varint, found the end']);
    expect(messages(MarketTick, Uint8Array.of(0x0a, 1, 0xff))).toEqual([
      'MarketTick.id: expected valid UTF-8, found other bytes',
    ]);
    expect(messages(EndBlock, Buffer.from([0x08, 1]))).toBe('sound');
  });

  test('encode: a value that cannot be encoded is an EncodeError, and leaves no state', () => {
    expect(() => EndBlock.encode({ height: -1 })).toThrow(
      `EndBlock.height: expected a whole number from 0 to 2^53 - 1, found -1 (${ERRORS_PAGE}#encodeerror)`,
    );
    expect([...EndBlock.encode({ height: 1 })]).toEqual([0x08, 1]);
    const event = {
      type: 'EndBlock',
      blockNr: 1,
      sequence: 1.5,
      traceId: 'A',
      chainId: 'c',
      txHash: '',
      payload: { height: 1 },
    } as const;
    expect(() => encodeEvent(event)).toThrow('event.sequence: expected a whole number');
    expect(() => encodeEvent({ ...event, sequence: 1, payload: { height: NaN } })).toThrow('EndBlock.height');
    expect(() => encodeEvent({ ...event, sequence: 1, type: 'StreamStart' } as never)).toThrow(
      'event.type: expected a type with a payload, found StreamStart',
    );
    expect(() => encodeEvent({ ...event, sequence: 1, type: 'Vote', payload: {} } as never)).toThrow(
      'Vote.payload: expected a Uint8Array',
    );
    expect(encodeEvent({ ...event, sequence: 1, type: 'Vote', payload: Uint8Array.of(1) }).slice(-4)).toEqual(
      Uint8Array.of(0xf2, 6, 1, 1),
    );
  });

  test('N5b encodes the answer of a data node, which no stream may contain', () => {
    const event = {
      type: 'ProtocolUpgradeDataNodeReady',
      blockNr: 5,
      sequence: 1,
      traceId: '',
      chainId: 'c',
      txHash: '',
      payload: { lastBlockHeight: 5 },
    } as const;
    const bytes = encodeEvent(event);
    expect([...bytes.slice(-5)]).toEqual([0xd2, 9, 2, 8, 5]);
    expect(vegaDecoder.decode(bytes)._tag).toBe('Left');
  });
});
