import { describe, expect, test } from '@jest/globals';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';
import { parkedCodec } from '../../../lib/flow/parking/parkedCodec.js';
import { thrownBy } from '../helpers.js';

describe('the text of a parked event', () => {
  test('by default it is JSON', () => {
    const { encode, decode } = parkedCodec<object>({});
    expect([encode({ n: 1 }), decode('{"n":1}', '7')]).toEqual(['{"n":1}', { n: 1 }]);
  });

  test('encode and decode of the user', () => {
    const { encode, decode } = parkedCodec<number>({ encode: n => `<${n}>`, decode: text => text.length });
    expect([encode(5), decode('four', '7')]).toEqual(['<5>', 4]);
  });

  test.each<[string, () => unknown]>([
    ['undefined', () => undefined],
    ['a number', () => 1],
    ['a Promise', () => Promise.reject(new Error('late'))],
  ])('encode that gives %s is an OptionError', (_, encode) => {
    expect(() => parkedCodec({ encode: encode as () => string }).encode(1)).toThrow(
      /^encode: expected a function that returns a string, found /,
    );
  });

  test('B22q decode that throws is a ParkedEventError with the id and the cause', () => {
    const cause = new RangeError('too long');
    const { decode } = parkedCodec({
      decode: () => {
        throw cause;
      },
    });
    expect(thrownBy(() => decode('{', '7'))).toMatchObject({
      name: 'ParkedEventError',
      message: `the parked event 7 cannot be decoded: RangeError: too long (${ERRORS_PAGE}#parkedeventerror)`,
      id: '7',
      cause,
    });
  });
});
