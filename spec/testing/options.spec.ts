import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  eventArbitraries,
  eventOf,
  operatorLaws,
  runMarbles,
  sourceContract,
  storeContract,
} from 'rx-event-broker/testing';
import { thrownBy } from '../flow/helpers.js';
import { failureOf } from './failureOf.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const f = () => undefined;
const values = [1, 2, 3];

describe('O5 options of the test kit are checked', () => {
  test.each<[string, () => unknown]>([
    ['test: expected a function, found undefined', () => runMarbles(undefined as never)],
    ['factory: expected a function, found undefined', () => operatorLaws({ test: f, supports: { input: f } } as never)],
    [
      'lossyy: expected lossy; supports has no option of this name, found true',
      () => operatorLaws({ test: f, factory: f, supports: { input: f, lossyy: true } } as never),
    ],
    [
      'input: expected a function, found 1',
      () => operatorLaws({ test: f, factory: f, supports: { input: 1 } } as never),
    ],
    ['supports: expected an object, found undefined', () => sourceContract({ test: f, factory: f } as never)],
    [
      'values: expected an array of at least three values, found [1,2]',
      () => sourceContract({ test: f, factory: f as never, supports: { values: [1, 2] } }),
    ],
    [
      'parallel: expected true or false, found 1',
      () => sourceContract({ test: f, factory: f, supports: { values, parallel: 1 } } as never),
    ],
    ['open: expected a function, found undefined', () => storeContract({ test: f } as never)],
    ['storeContract: expected an object of options, found undefined', () => storeContract(undefined as never)],
    ['type: expected a string, found undefined', () => eventOf(undefined as never)],
    ['types: expected an array of at least one type, found []', () => eventArbitraries(fc, { types: [] as never })],
    [
      'maxEvents: expected a whole number, 1 or more, found 0',
      () => eventArbitraries(fc, { types: ['A'], maxEvents: 0 }),
    ],
    ['fc: expected the module fast-check, found {}', () => eventArbitraries({} as never, { types: ['A'] })],
  ])('%s', (message, call) => {
    expect((thrownBy(call) as Error).message).toBe(`${message} (${ERRORS_PAGE}#optionerror)`);
  });

  test('those of probes, too', () => {
    const message = (options: object) =>
      failureOf(({ requiredProbe, optionalProbe }) => {
        if ('capacity' in options) optionalProbe('', options as never);
        else requiredProbe('', options);
      }).message;
    expect(message({ highwatermark: 5 })).toMatch(
      /^highwatermark: expected highWaterMark; requiredProbe has no option/,
    );
    expect(message({ capacity: -1 })).toMatch(/^capacity: expected a whole number, 0 or more, found -1/);
    expect(message({ capacity: 1, hold: true })).toMatch(/^hold: expected a string, found true/);
  });
});
