import { describe, expect, test } from '@jest/globals';
import { ofType } from '../../lib/operators/ofType.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

const values = { a: { type: 'A' }, b: { type: 'B' }, c: { type: 'C' } } as const;
type Letter = (typeof values)['a' | 'b' | 'c'];

describe('B4 ofType', () => {
  test('lets the named types pass, in order', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source$ = cold<Letter>('a-b-c-a-b|', values);
      expectObservable(source$.pipe(ofType('A', 'C'))).toBe('a---c-a--|', values);
      expectObservable(source$.pipe(ofType('B'))).toBe('--b-----b|', values);
      expectSubscriptions(source$.subscriptions).toBe(['^--------!', '^--------!']);
    });
  });

  test.each<[readonly unknown[], string]>([
    [[], 'types: expected at least one event type, found []'],
    [[['A', 'B']], 'type: expected a string, found ["A","B"]'],
    [['A', undefined], 'type: expected a string, found undefined'],
  ])('types that are none are an OptionError', (types, message) => {
    expect(() => ofType(...(types as ['A']))).toThrow(message);
  });
});
