import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { blockOf, vegaDecoder, type VegaEvent } from '../../lib/vega.js';
import { codecNames, envelopeType, payloadType, withCodec } from './reference.js';

describe('any bytes', () => {
  /** Decodes, reads everything; the only thing that may go wrong is a DecodeError from `decode`. */
  const readAll = (bytes: Uint8Array): VegaEvent | undefined => {
    blockOf(bytes);
    const result = vegaDecoder.decode(bytes);
    if (isLeft(result)) {
      if (result.left.name !== 'DecodeError') throw new Error('another error', { cause: result.left });
      return undefined;
    }
    const event = result.right;
    for (const key of ['traceId', 'chainId', 'txHash', 'compositeCount', 'payload'] as const)
      expect(event[key]).toBeDefined();
    return event;
  };

  const sound = fc.constantFrom(...codecNames).map(name => {
    const [type, number] = withCodec[name];
    const payloads = payloadType(name);
    const filled = Object.fromEntries(
      Object.values(payloads.fields).map(({ name: key, type: kind, repeated }) => {
        const one = kind === 'string' ? 'aé' : kind === 'bytes' ? Uint8Array.of(1) : kind === 'bool' ? true : -5;
        return [key, repeated ? [one, one] : kind === 'uint64' ? 300 : kind === 'int32' ? 2 : one];
      }),
    );
    const payload = payloads.encode(filled).finish();
    const envelope = envelopeType
      .encode({ id: '12-3', block: 'AB', type, version: 1, chainId: 'c', txHash: 'AB' })
      .finish();
    return Uint8Array.from([
      ...envelope,
      ((number * 8 + 2) & 0x7f) | 0x80,
      (number * 8 + 2) >>> 7,
      payload.length,
      ...payload,
    ]);
  });

  test('E1 random ones are rejected without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void readAll(bytes)),
      { numRuns: 2000 },
    );
  });

  test('E1 a message truncated at any byte is rejected without a throw', () => {
    fc.assert(
      fc.property(sound, bytes => {
        expect(readAll(bytes)).toBeDefined();
        for (let length = 0; length < bytes.length; length++) expect(readAll(bytes.slice(0, length))).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  test('E1 a message with a few changed bytes is rejected, or read without a throw', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sound, changes, (bytes, list) => {
        const changed = bytes.slice();
        for (const [at, byte] of list) changed[at % changed.length] = byte;
        readAll(changed);
      }),
      { numRuns: 3000 },
    );
  });

  test('E1 what the quick check accepts, the full check accepts as well, with the same result', () => {
    // A long way to write the same: an unknown field in front makes both quick looks step aside.
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 2 });
    fc.assert(
      fc.property(sound, changes, (bytes, list) => {
        const changed = bytes.slice();
        for (const [at, byte] of list) changed[at % changed.length] = byte;
        const slow = Uint8Array.from([0x38, 0x01, ...changed]);
        const quickly = vegaDecoder.decode(changed);
        const closely = vegaDecoder.decode(slow);
        expect(quickly._tag).toBe(closely._tag);
        if (isLeft(quickly) && isLeft(closely)) expect(quickly.left.message).toBe(closely.left.message);
        if (isLeft(quickly) || isLeft(closely)) return;
        const all = ({ type, blockNr, sequence, traceId, chainId, txHash, compositeCount, payload }: VegaEvent) => [
          type,
          blockNr,
          sequence,
          traceId,
          chainId,
          txHash,
          compositeCount,
          payload,
        ];
        expect(all(quickly.right)).toEqual(all(closely.right));
      }),
      { numRuns: 2000 },
    );
  });
});
