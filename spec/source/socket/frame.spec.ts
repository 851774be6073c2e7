import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrame, frameHeader } from '../../../lib/source/socket/frame.js';
import { frameDecoder, type FrameDecoder } from '../../../lib/source/socket/frameDecoder.js';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';

const drain = (decoder: FrameDecoder, chunk: Uint8Array): Uint8Array[] => {
  decoder.feed(chunk);
  const messages: Uint8Array[] = [];
  for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message);
  return messages;
};
const decode = (chunks: readonly Uint8Array[], maxMessageBytes = 1_000_000): number[][] => {
  const decoder = frameDecoder(maxMessageBytes);
  return chunks.flatMap(chunk => drain(decoder, chunk)).map(message => [...message]);
};
const concat = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap(part => [...part]));

/** Every array buffer made while `work` runs: how large. */
const allocations = (work: () => void): number[] => {
  const made: number[] = [];
  const { Uint8Array: Original } = globalThis;
  globalThis.Uint8Array = new Proxy(Original, {
    construct: (target, args: [unknown], newTarget) => {
      if (typeof args[0] === 'number') made.push(args[0]);
      return Reflect.construct(target, args, newTarget) as object;
    },
  });
  try {
    work();
  } finally {
    globalThis.Uint8Array = Original;
  }
  return made;
};

describe('frame', () => {
  test('is a 64-bit big-endian length and the message', () => {
    expect([...encodeFrame(new TextEncoder().encode('hello'))]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 5, 0x68, 0x65, 0x6c, 0x6c, 0x6f,
    ]);
    expect([...encodeFrame(new Uint8Array(0))]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([...frameHeader(0x01_0203_0405)]).toEqual([0, 0, 0, 1, 2, 3, 4, 5]);
    expect([...frameHeader(0xffff_fffe)]).toEqual([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe]);
  });

  test('decodes what was encoded, with the bytes split at any place', () => {
    const messages = [[], [1], [2, 3, 4], Array.from({ length: 40 }, (_, i) => i), []];
    const bytes = concat(messages.map(message => encodeFrame(Uint8Array.from(message))));
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(messages);
    expect(decode([...bytes].map(byte => Uint8Array.of(byte)))).toEqual(messages);
  });

  test('decodes what was encoded, whatever the messages and the cuts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 }),
        (messages, sizes) => {
          const bytes = concat(messages.map(encodeFrame));
          const chunks: Uint8Array[] = [];
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const size = sizes[i % sizes.length]!;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(decode(chunks)).toEqual(messages.map(message => [...message]));
        },
      ),
    );
  });

  test('copies a message of several chunks, and gives a view of one in a single chunk', () => {
    const bytes = encodeFrame(Uint8Array.of(1, 2, 3));
    const decoder = frameDecoder(10);
    expect(drain(decoder, bytes)[0]?.buffer).toBe(bytes.buffer);
    expect(drain(decoder, bytes.subarray(0, 9))).toEqual([]);
    const [collected] = drain(decoder, bytes.subarray(9));
    expect(collected?.buffer.byteLength).toBe(3);
  });

  test('knows how many bytes of an incomplete message it holds', () => {
    const bytes = encodeFrame(Uint8Array.of(1, 2, 3));
    const held = [...bytes].map((_, count) => {
      const decoder = frameDecoder(10);
      drain(decoder, bytes.subarray(0, count));
      return decoder.partialBytes;
    });
    expect(held).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const whole = frameDecoder(10);
    drain(whole, bytes);
    expect(whole.partialBytes).toBe(0);
  });

  test('N1b rejects a length over maxMessageBytes, and accepts one of exactly that', () => {
    expect(decode([encodeFrame(new Uint8Array(10))], 10)).toEqual([new Array(10).fill(0)]);
    for (const cut of [1, 4, 8]) {
      const bytes = encodeFrame(new Uint8Array(11));
      expect(() => decode([bytes.subarray(0, cut), bytes.subarray(cut)], 10)).toThrow(
        expect.objectContaining({ name: 'FrameSizeError', length: 11n, maxMessageBytes: 10 }),
      );
    }
    expect(() => decode([new Uint8Array(8).fill(0xff)], 10)).toThrow(
      `a frame announces a message of 18446744073709551615 bytes; at most 10 are allowed (${ERRORS_PAGE}#framesizeerror)`,
    );
  });

  test('N1 random bytes: messages or FrameSizeError, no allocation over maxMessageBytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }),
        fc.integer({ min: 0, max: 50 }),
        (chunks, maxMessageBytes) => {
          const made = allocations(() => {
            try {
              decode(chunks, maxMessageBytes);
            } catch (error) {
              expect((error as Error).name).toBe('FrameSizeError');
            }
          });
          expect(Math.max(0, ...made)).toBeLessThanOrEqual(Math.max(8, maxMessageBytes));
        },
      ),
    );
  });

  test('N1 allocates memory for the bytes that arrived, not for those that are claimed', () => {
    const length = 50_000_000;
    const decoder = frameDecoder(length);
    const made = allocations(() => {
      drain(decoder, frameHeader(length));
      for (let i = 0; i < 20; i++) drain(decoder, new Uint8Array(1000));
    });
    expect(Math.max(...made)).toBe(65_536);
  });

  test('a large message in small pieces is copied a few times, not once per piece', () => {
    const length = 3_000_000;
    const piece = new Uint8Array(1000).fill(7);
    const decoder = frameDecoder(length);
    let message: Uint8Array | undefined;
    const made = allocations(() => {
      drain(decoder, frameHeader(length));
      for (let i = 0; i < length / piece.length; i++) [message] = drain(decoder, piece);
    });
    expect(message?.length).toBe(length);
    expect(message?.every(byte => byte === 7)).toBe(true);
    const grown = made.filter(bytes => bytes > 0);
    expect(Math.max(...grown)).toBe(length);
    expect(grown.length).toBeLessThan(10);
  });
});
