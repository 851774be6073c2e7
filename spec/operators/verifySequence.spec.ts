import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { catchError, from, lastValueFrom, of, toArray } from 'rxjs';
import { verifySequence } from '../../lib/operators/verifySequence.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

interface Numbered {
  readonly type: 'E';
  readonly blockNr: number;
  readonly sequence: number;
  readonly compositeCount: number;
}

const e = (blockNr: number, sequence: number, compositeCount = 1): Numbered => ({
  type: 'E',
  blockNr,
  sequence,
  compositeCount,
});

const outcome = async (events: readonly Numbered[]): Promise<unknown> =>
  lastValueFrom(from(events).pipe(verifySequence<Numbered>(), toArray())).then(
    passed => passed.length,
    (error: unknown) => (error as Error).message,
  );

describe('F6 verifySequence', () => {
  test.each<readonly [string, readonly Numbered[]]>([
    ['F6a F6b F6c blocks from any height', [e(7, 1), e(7, 2), e(8, 1), e(9, 1)]],
    ['F6b a composite count is how far the next one is', [e(1, 1), e(1, 2, 5), e(1, 7), e(2, 1)]],
    ['F6b a composite count may be 0', [e(1, 1), e(1, 2, 0), e(1, 2), e(1, 3)]],
    ['F6d the first block may come twice', [e(5, 1), e(5, 2), e(5, 1), e(5, 2), e(6, 1)]],
  ])('passes %s', async (_, events) => {
    expect(await outcome(events)).toBe(events.length);
  });

  test.each<readonly [string, readonly Numbered[], string]>([
    ['F6a a first event that is not number 1', [e(3, 2)], 'at the start: expected sequence 1, found 3-2'],
    [
      'F6b a gap in a block',
      [e(1, 1), e(1, 3)],
      'after event 1-1: expected 1-2 or 2-1, or block 1 once more from 1, found 1-3',
    ],
    ['F6b a number twice', [e(1, 1), e(2, 1), e(2, 1)], 'after event 2-1: expected 2-2 or 3-1, found 2-1'],
    [
      'F6c a block missing',
      [e(1, 1), e(3, 1)],
      'after event 1-1: expected 1-2 or 2-1, or block 1 once more from 1, found 3-1',
    ],
    [
      'F6c a block that begins with number 2',
      [e(1, 1), e(2, 2)],
      'after event 1-1: expected 1-2 or 2-1, or block 1 once more from 1, found 2-2',
    ],
    ['F6d the first block three times', [e(1, 1), e(1, 1), e(1, 1)], 'after event 1-1: expected 1-2 or 2-1, found 1-1'],
    [
      'F6d the first block again after another',
      [e(1, 1), e(2, 1), e(1, 1)],
      'after event 2-1: expected 2-2 or 3-1, found 1-1',
    ],
    ['the second block twice', [e(1, 1), e(2, 1), e(2, 2), e(2, 1)], 'after event 2-2: expected 2-3 or 3-1, found 2-1'],
    [
      'a composite count passed over',
      [e(1, 1, 3), e(1, 2)],
      'after event 1-1: expected 1-4 or 2-1, or block 1 once more from 1, found 1-2',
    ],
  ])('refuses %s', async (_, events, message) => {
    expect(await outcome(events)).toBe(`${message} (${ERRORS_PAGE}#sequencegaperror)`);
  });

  test('F6e its error carries both positions', async () => {
    await expect(lastValueFrom(from([e(1, 1), e(1, 3)]).pipe(verifySequence()))).rejects.toMatchObject({
      name: 'SequenceGapError',
      last: { blockNr: 1, sequence: 1 },
      received: { blockNr: 1, sequence: 3 },
    });
  });

  test('F6a passes every stream that a core numbers, from any height, and none with an event missing', async () => {
    const blocks = fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }), {
      minLength: 2,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(blocks, fc.nat({ max: 1000 }), fc.boolean(), fc.nat(), async (counts, height, twice, which) => {
        const block = (nr: number, of: readonly number[]) =>
          of.map((count, i) => e(nr, 1 + of.slice(0, i).reduce((sum, n) => sum + n, 0), count));
        const [first = []] = counts;
        const events = [...(twice ? block(height, first) : []), ...counts.flatMap((of, i) => block(height + i, of))];
        expect(await outcome(events)).toBe(events.length);
        // an event whose place shows: not the last of the stream or of its block
        const inside = events.flatMap((event, i) =>
          events[i + 1]?.blockNr === event.blockNr && events[i + 1]?.sequence !== 1 ? [i] : [],
        );
        const gone = inside[which % Math.max(1, inside.length)];
        if (gone !== undefined) expect(await outcome(events.filter((_, i) => i !== gone))).toMatch(/found/);
      }),
    );
  });

  test('state is per subscription, and the source is left at the gap', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const values = { a: e(1, 1), b: e(1, 2), c: e(2, 1), d: e(2, 3) };
      const source$ = cold('ab-c-d-|', values);
      const verified$ = source$.pipe(
        verifySequence(),
        catchError((error: Error) => of(error.name)),
      );
      expectObservable(verified$).toBe('ab-c-(x|)', { ...values, x: 'SequenceGapError' });
      expectObservable(verified$, '--^').toBe('--ab-c-(x|)', { ...values, x: 'SequenceGapError' });
      expectSubscriptions(source$.subscriptions).toBe(['^----!', '--^----!']);
    });
  });

  test('an event that is modified downstream has no effect', () => {
    const events = [e(1, 1), e(1, 2), e(2, 1)];
    let passed = 0;
    from(events)
      .pipe(verifySequence<Numbered>())
      .subscribe(event => {
        passed++;
        Object.assign(event, { blockNr: 9, sequence: 9, compositeCount: 9 });
      });
    expect(passed).toBe(3);
  });

  test('F6e positions that are not numbers are shown, too', async () => {
    const odd = Object.assign(Object.create(null), { evil: '\u001b[2J' }) as unknown as number;
    expect(await outcome([e(odd, 2)])).toBe(
      `at the start: expected sequence 1, found {"evil":"\\u001b[2J"}-2 (${ERRORS_PAGE}#sequencegaperror)`,
    );
  });
});
