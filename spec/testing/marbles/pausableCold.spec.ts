import { describe, expect, test } from '@jest/globals';
import { concat, of, Subject, tap, throwError, toArray } from 'rxjs';
import { backpressure } from '../../../lib/operators/backpressure.js';
import { runMarbles } from 'rx-event-broker/testing';
import { failureOf } from '../failureOf.js';
import { ERRORS_PAGE } from '../../../lib/event/seeDocs.js';

describe('pausableCold', () => {
  test('without a pause it behaves like cold', () => {
    runMarbles(({ pausableCold, cold, expectObservable, expectSubscriptions, expectPauses }) => {
      const source = pausableCold('ab-(cd)-|');
      expectObservable(source(of(false))).toEqual(cold('ab-(cd)-|'));
      expectSubscriptions(source.subscriptions).toBe('^-------!');
      expectPauses(source).toBe('');
    });
  });

  test('its own clock stops while it is paused', () => {
    runMarbles(({ pausableCold, level, expectObservable, expectPauses }) => {
      const pause$ = level('               --t-----f------');
      const source = pausableCold('         -a--b-c|');
      expectObservable(source(pause$)).toBe('-a--------b-c|');
      expectPauses(source).toBe('           --t-----f');
    });
  });

  test('values that are due when the pause ends come within the call that ends it, and so does completion', () => {
    const pause$ = new Subject<boolean>();
    const log: string[] = [];
    runMarbles(({ pausableCold, flush, cold }) => {
      pausableCold('(ab|)')(pause$).subscribe({
        next: value => {
          log.push(value);
          if (value === 'a') pause$.next(true);
        },
        complete: () => log.push('|'),
      });
      cold('-----x').subscribe(() => {
        log.push('end');
        pause$.next(false);
        log.push('of pause');
      });
      flush();
    });
    expect(log).toEqual(['a', 'end', 'b', '|', 'of pause']);
  });

  test('a pause that comes and goes inside next is logged, and loses nothing', () => {
    runMarbles(({ pausableCold, expectObservable, expectPauses }) => {
      const pause$ = new Subject<boolean>();
      const source = pausableCold('a-(bcd)--|');
      const toggled$ = source(pause$).pipe(
        tap(value => {
          pause$.next(value === 'b');
          pause$.next(false);
        }),
      );
      expectObservable(toggled$).toBe('a-(bcd)--|');
      expectPauses(source).toBe('--(tf)');
    });
  });

  test('a level that is true from the start, one that completes, one that fails', () => {
    runMarbles(({ pausableCold, level, expectObservable, expectPauses }) => {
      const slow = pausableCold('a-b|');
      expectObservable(slow(level('t-(f|)'))).toBe('--a-b|');
      expectPauses(slow).toBe('t-f');
      const stuck = pausableCold('a-b|');
      expectObservable(stuck(level('-(t|)'))).toBe('a');
      expectPauses(stuck).toBe('-t');
      const broken = pausableCold('a-b|');
      expectObservable(
        broken(
          concat(
            of(true),
            throwError(() => 'no brake'),
          ),
        ),
      ).toBe('#', undefined, 'no brake');
      expectPauses(broken).toBe('t');
    });
  });

  test('errors wait for the end of the pause too', () => {
    runMarbles(({ pausableCold, level, expectObservable }) =>
      expectObservable(pausableCold('a-#')(level('-t---f'))).toBe('a-----#'),
    );
  });

  test('each subscription plays from its start, and is logged by itself', () => {
    runMarbles(({ pausableCold, level, expectObservable, expectPauses, expectSubscriptions }) => {
      const source = pausableCold('ab|');
      const pause$ = level('-----t-f');
      expectObservable(source(pause$)).toBe('ab|');
      expectObservable(source(pause$), '    ----^').toBe('----a--b|');
      expectPauses(source).toBe(['', '-----t-f']);
      expectSubscriptions(source.subscriptions).toBe(['^-!', '----^---!']);
    });
  });

  test('B14e O1a shows how an operator pauses its source', () => {
    runMarbles(({ pausableCold, promised, expectObservable, expectPauses }) => {
      const source = pausableCold('(abcd|)');
      const worked$ = backpressure(source, {
        required: true,
        highWaterMark: 2,
        project: v => promised('-----v', { v }),
      });
      expectObservable(worked$.pipe(toArray())).toBe('20ms (v|)', { v: ['a', 'b', 'c', 'd'] });
      expectPauses(source).toBe('t----(ft)-(ft)-f');
    });
  });

  test('a wrong pause is shown', () => {
    const error = failureOf(({ pausableCold, level, expectObservable, expectPauses }) => {
      const source = pausableCold('a-b|');
      expectObservable(source(level('-t--f'))).toBe('a----b|');
      expectPauses(source).toBe('-t-f');
    });
    expect(error.message).toMatchInlineSnapshot(`
     "expectPauses: differs from its marbles at 3ms (${ERRORS_PAGE}#marblemismatcherror)

       expected  -t-f
       actual    -t--f
                    ^ 3ms: expected f, found nothing until f at 4ms"
    `);
  });
});
