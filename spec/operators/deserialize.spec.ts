import { describe, expect, jest, test } from '@jest/globals';
import { left, right } from 'fp-ts/lib/Either.js';
import { from, map, of, range, Subject } from 'rxjs';
import { DecodeError } from '../../lib/event/DecodeError.js';
import type { Decoder } from '../../lib/event/Decoder.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { deserialize } from '../../lib/operators/deserialize.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

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

  test("E3b onInvalid: 'skip' skips the message, and announces it", () => {
    runMarbles(({ cold, expectObservable }) => {
      const notices = new Subject<Notice>();
      const source$ = cold('x-y-z-|', bytes);
      expectObservable(notices).toBe('--i', { i: { type: 'Invalid', error: problem } });
      expectObservable(source$.pipe(deserialize(digits, { onInvalid: 'skip', notices }))).toBe('a---c-|', events);
    });
  });

  test('E1d its error says what was expected, what was found and where', () => {
    expect(problem.message).toBe(`byte 0: expected a digit, found 200 (${ERRORS_PAGE}#decodeerror)`);
  });

  test('E5a E5b if a decoder throws, or returns no event, the message is invalid', () => {
    const broken = new Error('broken\nand more');
    const answers: readonly (() => unknown)[] = [
      () => right(events.a),
      () => {
        throw broken;
      },
      () => undefined,
      () => right(undefined),
      () => right(null),
      () => left('no\nreason'),
      () => left(problem),
      // of fp-ts: a problem, and what can be made of the message nevertheless
      () => ({ _tag: 'Both', left: problem, right: events.a }),
      () => right(events.c),
    ];
    const odd = { decode: ([n = 0]: Uint8Array) => answers[n]?.() } as Decoder<Digit>;
    const notices: Error[] = [];
    const seen: unknown[] = [];
    range(0, answers.length)
      .pipe(
        map(n => Uint8Array.of(n)),
        deserialize(odd, {
          onInvalid: 'skip',
          notices: { next: notice => notice.type === 'Invalid' && notices.push(notice.error) },
        }),
      )
      .subscribe(event => seen.push(event));
    expect(seen).toEqual([events.a, events.c]);
    const found = notices.map(error => error.message.replace(` (${ERRORS_PAGE}#decodeerror)`, ''));
    expect(found).toEqual([
      'message: expected an event from the decoder, found an error, Error: broken\\nand more',
      expect.stringMatching(/^message: expected an event from the decoder, found an error, TypeError: /),
      'message: expected an event from the decoder, found undefined',
      'message: expected an event from the decoder, found null',
      'message: expected an event from the decoder, found "no\\nreason"',
      'byte 0: expected a digit, found 200',
      expect.stringMatching(/^message: expected an event from the decoder, found \{"_tag":"Both"/),
    ]);
    expect(notices[0]?.cause).toBe(broken);
    let end: unknown;
    of(Uint8Array.of(1))
      .pipe(deserialize(odd))
      .subscribe({ error: (error: unknown) => (end = error) });
    expect(end).toMatchObject({ name: 'DecodeError', cause: broken });
  });

  test('O5b O5c an observer of notices that throws is written to the console once, and the stream goes on', () => {
    const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = new Error('broken');
    const seen: unknown[] = [];
    const notices = {
      next: () => {
        throw broken;
      },
    };
    from([bytes.y, bytes.x, bytes.y, bytes.z])
      .pipe(deserialize(digits, { onInvalid: 'skip', notices }))
      .subscribe({ next: event => seen.push(event), complete: () => seen.push('complete') });
    expect(seen).toEqual([events.a, events.c, 'complete']);
    expect(written.mock.calls).toEqual([['rx-event-broker: an observer of notices threw at Invalid', broken]]);
    written.mockRestore();
  });
});
