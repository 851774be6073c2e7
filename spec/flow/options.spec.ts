import { describe, expect, test } from '@jest/globals';
import { NEVER } from 'rxjs';
import * as is from '../../lib/flow/contract/options.js';
import { standardDecoder } from '../../lib/operators/standardDecoder.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const problem = (options: unknown, checks: is.Checks): string => {
  try {
    is.checkOptions('fanOut', options, checks);
    return 'none';
  } catch (error) {
    expect(error).toMatchObject({ name: 'OptionError' });
    return (error as Error).message.replace(` (${ERRORS_PAGE}#optionerror)`, '');
  }
};

describe('invalid options are rejected by the call', () => {
  test.each<[is.Check, readonly unknown[], readonly unknown[]]>([
    [is.count(1), [1, 2 ** 53 - 1, Infinity], [0, 1.5, NaN, '1', null, 1n, -Infinity]],
    [is.count(1, 10), [1, 10], [0, 11, Infinity]],
    [is.port, [0, 65_535], [-1, 65_536, '80', Infinity]],
    [is.milliseconds, [0, 0.5, 30 * 86_400_000, Infinity], [-1, NaN, '5000', null]],
    [is.choice('a', 'b'), ['a', 'b'], ['c', ['a']]],
    [is.flag, [true, false], [0, 'true', null]],
    [is.text, ['', 'x'], [1, null, new String('x')]],
    [is.aFunction, [() => undefined, Map], [{}, 'f']],
    [is.level, [NEVER], [true, Promise.resolve(true), {}]],
    [is.observer, [{ next: () => undefined }], [() => undefined, { next: 1 }, null]],
    [is.needed(is.count(0)), [0], [undefined, -1]],
  ])('case %#', (check, allowed, refused) => {
    for (const option of allowed) expect(problem({ option }, { option: check })).toBe('none');
    for (const option of refused)
      expect(problem({ option }, { option: check })).toContain(`expected ${check.expected}`);
  });

  test('the error names the option, what was expected and what was found', () => {
    expect(problem({ bufferSize: '3000' }, { bufferSize: is.count(1) })).toBe(
      "bufferSize: expected a whole number, 1 or more, found '3000'",
    );
    expect(problem(5, {})).toBe('fanOut: expected an object of options, found 5');
  });

  test('a misspelt option is rejected, and the similar one is named', () => {
    const checks = { bufferSize: is.count(1), notices: is.observer };
    expect(problem({ bufersize: 10 }, checks)).toBe(
      'bufersize: expected bufferSize; fanOut has no option of this name, found 10',
    );
    expect(problem({ colour: 'red' }, checks)).toBe(
      "colour: expected one of the options of fanOut (bufferSize, notices); fanOut has no option of this name, found 'red'",
    );
    expect(problem({ colour: undefined }, checks)).toBe('none');
  });

  test.each([
    ['bufferSi', true],
    ['bxxferSize', true],
    ['bufferSizexx', true],
    ['xxbufferSize', true],
    ['BUFFERSZIE', true],
    ['bxxferSizx', false],
    ['bufferSizexxx', false],
    ['ferSize', false],
  ])('%s is similar to bufferSize: %j, since at most two letters differ', (key, isSimilar) => {
    const found = problem({ [key]: 1 }, { notices: is.observer, bufferSize: is.count(1) });
    expect(found.startsWith(`${key}: expected bufferSize; `)).toBe(isSimilar);
  });

  test('a string is quoted whole up to 100 characters, and shortened past that', () => {
    const found = (length: number) => problem({ size: 'x'.repeat(length) }, { size: is.count(1) }).split('found ')[1];
    expect(found(100)).toBe(`'${'x'.repeat(100)}'`);
    expect(found(101)).toBe(`"${'x'.repeat(99)}…`);
  });

  test('E6d a value that throws when it is looked at is rejected', () => {
    const throwing = Object.defineProperty({}, 'next', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(problem({ notices: throwing }, { notices: is.observer })).toMatch(
      /^notices: expected an observer, found \{/,
    );
    const trap = () => {
      throw new Error('no');
    };
    const schema = new Proxy({}, { get: trap, getPrototypeOf: trap });
    expect(() => standardDecoder(schema as never)).toThrow('schema: expected a Standard Schema, version 1, found ');
  });

  test('an instance of a class may have other fields than its options', () => {
    class Mine {
      readonly bufferSize = 1;
      readonly colour = 'red';
    }
    expect(problem(new Mine(), { bufferSize: is.count(1) })).toBe('none');
    expect(problem(Object.assign(Object.create(null), { colour: 1 }), { bufferSize: is.count(1) })).not.toBe('none');
  });
});
