import { describe, expect, test } from '@jest/globals';
import { left, right } from 'fp-ts/lib/Either.js';
import { Subject } from 'rxjs';
import { DecodeError } from '../../lib/event/DecodeError.js';
import type { Decoder } from '../../lib/event/Decoder.js';
import type { Notice } from '../../lib/flow/Notice.js';
import { deserialize } from '../../lib/operators/deserialize.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { errorsPage } from '../../lib/event/seeDocs.js';

interface Digit {
  readonly type: 'Digit';
  readonly digit: number;
}

const problem = new DecodeError({ expected: 'a digit', found: '200', path: 'byte 0' });
const digits: Decoder<Digit> = {
  decode: ([byte = 0]) => (byte < 10 ? right({ type: 'Digit', digit: byte }) : left(problem)),
};
const bytes = { x: Uint8Array.of(1), y: Uint8Array.of(200), z: Uint8Array.of(3) };
const events = { a: { type: 'Digit', digit: 1 }, c: { type: 'Digit', digit: 3 } };

describe('E1 deserialize', () => {
  test('ends with the error of the decoder, and leaves its source', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold('x-y-z-|', bytes);
      expectObservable(source$.pipe(deserialize(digits))).toBe('a-#', events, problem);
      expectSubscriptions(source$.subscriptions).toBe('^-!');
    });
  });

  test("onInvalid: 'skip' leaves the message out, and announces it", () => {
    runMarbles(({ cold, expectObservable }) => {
      const notices = new Subject<Notice>();
      const source$ = cold('x-y-z-|', bytes);
      expectObservable(notices).toBe('--i', { i: { type: 'Invalid', error: problem } });
      expectObservable(source$.pipe(deserialize(digits, { onInvalid: 'skip', notices }))).toBe('a---c-|', events);
    });
  });

  test('its error says what was expected, what was found and where', () => {
    expect(problem.message).toBe(`byte 0: expected a digit, found 200 (${errorsPage}#decodeerror)`);
  });
});
