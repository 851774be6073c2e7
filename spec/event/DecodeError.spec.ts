import { describe, expect, test } from '@jest/globals';
import { DecodeError } from '../../lib/event/DecodeError.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const messageOf = (expected: unknown, found: unknown, path: unknown): string =>
  new DecodeError({ expected, found, path } as ConstructorParameters<typeof DecodeError>[0]).message;

describe('E5c the message of a DecodeError', () => {
  test('is on one line, and truncated', () => {
    expect(messageOf('a\nb', '\u001b[2J', 'x\ty')).toBe(
      `x\\ty: expected a\\nb, found \\u001b[2J (${ERRORS_PAGE}#decodeerror)`,
    );
    expect(messageOf('e'.repeat(5000), 'f'.repeat(5000), 'p'.repeat(5000)).length).toBeLessThan(3100);
  });

  test('exists for any value', () => {
    const bare = Object.create(null) as object;
    expect(messageOf(Symbol('s'), bare, 5n)).toBe(`5n: expected Symbol(s), found {} (${ERRORS_PAGE}#decodeerror)`);
  });
});
