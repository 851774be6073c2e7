import { expect, test } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import { BlockFailedError } from '../../lib/store/errors.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const where = { operation: 'next', height: 2, event: { type: 'Row', blockNr: 2, sequence: 3 } } as const;
const after = (cause: unknown): string =>
  new BlockFailedError(where, cause).message
    .replace('block 2: next failed on Row 2-3: ', '')
    .replace(/ \(\S+errors\.md#.*/, '');

const circular: { self?: unknown } = {};
circular.self = circular;
const hostile = Object.defineProperty(new Error('x'), 'message', {
  get: () => {
    throw new Error('no');
  },
});

test.each([
  ['an error', new Error('no such account'), 'no such account'],
  ['an error of another realm', runInNewContext('new Error("far away")'), 'far away'],
  ['several addresses', new AggregateError([new Error('a'), new Error('b')]), 'a; b'],
  ['an error with nothing but a code', Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  ['a text', 'no', '"no"'],
  ['nothing', undefined, 'undefined'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['an object without a prototype', Object.create(null), '{}'],
  ['a circle', circular, '{"self":{"self":{"self":…}}}'],
  ['a message that throws', hostile, 'an error that cannot be shown'],
  ['control characters', new Error('a\n\u001b[2Jb'), 'a\\n\\u001b[2Jb'],
])('S7 the words of %s, and they never throw', (_what, cause, words) => {
  expect(after(cause)).toBe(words);
});

test.each([
  ['a type that moves the cursor', { type: 'A\n\u001b[2J' }, 'A\\n\\u001b[2J'],
  ['a type that is none', { type: 7 }, '7'],
  ['no event at all', undefined, 'undefined'],
])('S7 the words of an event with %s', (_what, event, words) => {
  const error = new BlockFailedError({ operation: 'commit', height: 1, event: event as never }, new Error('x'));
  expect(error.message).toBe(
    event === undefined
      ? `block 1: commit failed: x (${ERRORS_PAGE}#blockfailederror)`
      : `block 1: commit failed on ${words}: x (${ERRORS_PAGE}#blockfailederror)`,
  );
});

test('S7c a rollback that failed too is a field, and in the message', () => {
  const lost = new Error('connection lost');
  const error = new BlockFailedError(where, new Error('no'), { cause: lost });
  expect(error.rollback).toBe(lost);
  expect(error.message).toContain('next failed on Row 2-3: no; the rollback failed too: connection lost');
});
