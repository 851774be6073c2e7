import { describe, expect, test } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import {
  blockOf,
  CancelledOrders,
  count,
  encodeEvent,
  EndBlock,
  message,
  text,
  vegaDecoder,
  type EncodableEvent,
} from '../../lib/vega.js';

const broken = new Error('broken');
const envelope = { blockNr: 1, sequence: 1, traceId: 'AB', chainId: 'c', txHash: 'AB' };
const endBlock: EncodableEvent = { ...envelope, type: 'EndBlock', payload: { height: 7 } };
const heightOf = (bytes: Uint8Array): unknown => {
  const result = vegaDecoder.decode(bytes);
  return isLeft(result) ? result.left.message : result.right.payload;
};
const messageOf = (call: () => unknown): string => {
  try {
    call();
    return 'nothing';
  } catch (error) {
    return (error as Error).message.replace(/ \(\S+errors\.md#.*/, '');
  }
};

describe('E5 values that are not messages', () => {
  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['123', '"123"'],
    [[10, 3, 49], '[10,3,49]'],
    [new DataView(new ArrayBuffer(3)), 'DataView of 3 bytes'],
    [new Uint16Array(20), 'Uint16Array of 40 bytes'],
  ])('are a DecodeError of the decoder, and of no block: %j', (value, found) => {
    const result = vegaDecoder.decode(value as never);
    expect(isLeft(result) && result.left).toMatchObject({
      name: 'DecodeError',
      path: 'message',
      expected: 'a Uint8Array',
      found,
    });
    expect(blockOf(value as never)).toEqual({ block: '', begins: true });
  });
});

describe('E5 values that cannot be written', () => {
  test.each<[unknown, string]>([
    [undefined, 'event: expected an event, found undefined'],
    [null, 'event: expected an event, found null'],
    [{ ...endBlock, type: 'x\n\u001b[2J' }, 'event.type: expected a type with a payload, found x\\n\\u001b[2J'],
    [{ ...endBlock, type: 'constructor' }, 'event.type: expected a type with a payload, found constructor'],
    [{ ...endBlock, chainId: Object.create(null) as unknown }, 'event.chainId: expected a string, found {}'],
    [{ ...endBlock, payload: undefined }, 'EndBlock: expected an object, found undefined'],
    [
      { ...endBlock, payload: { height: Symbol('s') } },
      'EndBlock.height: expected a whole number from 0 to 2^53 - 1, found Symbol(s)',
    ],
    [
      { ...endBlock, payload: { height: Object.create(null) as unknown } },
      'EndBlock.height: expected a whole number from 0 to 2^53 - 1, found {}',
    ],
  ])('are an EncodeError, whatever they are', (event, expected) => {
    expect(messageOf(() => encodeEvent(event as never))).toBe(expected);
    expect(heightOf(encodeEvent(endBlock))).toEqual({ height: 7 });
  });

  test('a value is read once: a getter that changes its value writes what was checked', () => {
    let read = 0;
    const payload = {
      get height(): number {
        return read++ === 0 ? 7 : ('no' as never);
      },
    };
    expect(heightOf(encodeEvent({ ...endBlock, payload }))).toEqual({ height: 7 });
    expect(read).toBe(1);
  });

  test('a message that could not be written to its end leaves nothing in the next one', () => {
    const orderIds = new Proxy(['a', 'b'], {
      get: (list, key) => {
        if (key === Symbol.iterator)
          return function* () {
            yield 'a';
            throw broken;
          };
        return Reflect.get(list, key) as unknown;
      },
    });
    const payload = { orderIds, marketId: 'm', partyId: 'p' };
    const sound = CancelledOrders.encode({ ...payload, orderIds: ['a'] });
    expect(messageOf(() => CancelledOrders.encode(payload))).toBe('broken');
    expect(CancelledOrders.encode({ ...payload, orderIds: ['a'] })).toEqual(sound);
    expect(EndBlock.encode({ height: 7 })).toEqual(Uint8Array.of(8, 7));
  });
});

describe('O5 a message of your own is checked when it is defined', () => {
  test.each<[string, () => unknown]>([
    ['name: expected a string, found undefined', () => message(undefined as never, {})],
    ['fields: expected an object of fields, found undefined', () => message('M', undefined as never)],
    ['M.a: expected a field, found 1', () => message('M', { a: 1 as never })],
    ['M.a: expected a whole number from 1 to 536870911, found 0', () => message('M', { a: text(0) })],
    ['M.b: expected a field number of its own, found 2', () => message('M', { a: text(2), b: count(2) })],
  ])('%s', (expected, call) => {
    expect(messageOf(call)).toBe(expected);
  });
});
