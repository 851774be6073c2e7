import { describe, expect, test } from '@jest/globals';
import { isRight } from 'fp-ts/lib/Either.js';
import { checkGreeting, greeting } from '../../../lib/source/socket/greeting.js';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';

describe('greeting', () => {
  test('is that of pair, version 0', () => {
    expect([...greeting]).toEqual([0x00, 0x53, 0x50, 0x00, 0x00, 0x10, 0x00, 0x00]);
  });

  test('is valid at every length, as far as it has arrived', () => {
    for (let count = 0; count <= 8; count++) expect(isRight(checkGreeting(greeting.subarray(0, count)))).toBe(true);
  });

  test('N1a is invalid if any bit is wrong, the reserved ones included', () => {
    for (let bit = 0; bit < 64; bit++) {
      const wrong = Uint8Array.from(greeting, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(checkGreeting(wrong)).toEqual({ _tag: 'Left', left: expect.objectContaining({ name: 'GreetingError' }) });
    }
  });

  test('N1 says what was expected and what was found', () => {
    expect(checkGreeting(new TextEncoder().encode('GET'))).toMatchObject({
      left: {
        message: `greeting: expected 00 53 50 00 00 10 00 00 (pair, version 0), found 47 45 54 (${ERRORS_PAGE}#greetingerror)`,
        expected: '00 53 50 00 00 10 00 00',
        found: '47 45 54',
      },
    });
  });
});
