import { describe, expect, test } from '@jest/globals';
import { catchError, of } from 'rxjs';
import { verifyChain } from '../../lib/operators/verifyChain.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

const of_ = (chainId: string, position = {}) => ({ type: 'E', chainId, ...position });

describe('B11e verifyChain', () => {
  test('passes events of one chain, and ends at the first of another with an error that names both', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = { a: of_('main'), b: of_('other', { blockNr: 4, sequence: 2 }) };
      const source$ = cold('a-a-b-a|', values);
      const verified$ = source$.pipe(
        verifyChain('main'),
        catchError((error: Error) => of(error.message)),
      );
      expectObservable(verified$).toBe('a-a-(x|)', {
        ...values,
        x: `E 4-2: expected an event of chain "main", found one of chain "other" (${ERRORS_PAGE}#chainiderror)`,
      });
      expectSubscriptions(source$.subscriptions).toBe('^---!');
    });
  });

  test('an event without a position is named by its type', () => {
    expect.assertions(1);
    of(of_('other'))
      .pipe(verifyChain('main'))
      .subscribe({
        error: (error: unknown) => {
          expect(error).toMatchObject({
            name: 'ChainIdError',
            expected: 'main',
            found: 'other',
            message: expect.stringMatching(/^E: expected/),
          });
        },
      });
  });

  test('E5e text from outside is on one line, and truncated', () => {
    let message = '';
    of({ ...of_(`x"\n\u001b[2J${'y'.repeat(500)}`), type: 'A\nB' })
      .pipe(verifyChain('main'))
      .subscribe({ error: (error: Error) => (message = error.message) });
    expect(message).toMatch(
      /^A\\nB: expected an event of chain "main", found one of chain "x\\"\\n\\u001b\[2Jy+… \(\S+errors\.md#/,
    );
    expect(message.length).toBeLessThan(250);
  });

  test.each([undefined, 5, ['main']])('a chain id that is %j is an OptionError', chainId => {
    expect(() => verifyChain(chainId as never)).toThrow('chainId: expected a string, found');
  });
});
