import '../flow/invariants.js';
import { describe, expect, jest, test } from '@jest/globals';
import {
  BehaviorSubject,
  concat,
  defer,
  EMPTY,
  finalize,
  merge,
  NEVER,
  Observable,
  of,
  range,
  repeat,
  retry,
  Subject,
  throwError,
  toArray,
  VirtualTimeScheduler,
} from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import type { Pausable } from '../../lib/flow/contract/Pausable.js';
import type { InspectRecord } from '../../lib/inspect/InspectRecord.js';
import { inspector } from '../../lib/inspect/inspector.js';
import { fanOut } from '../../lib/operators/fanOut.js';
import { runMarbles } from '../../lib/testing/marbles/runMarbles.js';

const running$ = of(false);
const noticesOf = () => {
  const seen: Notice[] = [];
  return { seen, notices: { next: (notice: Notice) => void seen.push(notice) } };
};
const nameOf = (stream$: Observable<unknown>): string => {
  let name = '';
  stream$.subscribe({ error: (error: Error) => (name = error.name) });
  return name;
};

describe('fanOut', () => {
  test('F1a opens its source once, when the expected number of branches has joined', () => {
    runMarbles(({ pausableCold, cold, expectObservable, expectSubscriptions }) => {
      const source = pausableCold('-a-b-|');
      const shared = fanOut(source, { expectedSubscribers: 2 });
      expectObservable(shared(cold(''))).toBe('----a-b-|');
      expectObservable(shared(cold('')), '---^').toBe('----a-b-|');
      expectSubscriptions(source.subscriptions).toBe('---^----!');
    });
  });

  test('F1b announces after stallAfter that branches are missing, but not if they have joined', () => {
    runMarbles(({ expectObservable, flush, cold }) => {
      const { seen, notices } = noticesOf();
      const options = { expectedSubscribers: 2, stallAfter: 5, notices };
      expectObservable(fanOut(NEVER, options)(running$), '^--------!').toBe('');
      const both = fanOut(EMPTY, options);
      expectObservable(merge(both(running$), both(running$))).toBe('|');
      expectObservable(cold('')).toBe('');
      flush();
      expect(seen).toEqual([{ type: 'Waiting', what: 'fan-out: 1 of 2 branches have subscribed' }]);
    });
  });

  test('F2a F2b one more than expected is rejected; so is one that joins a running round', () => {
    const shared = fanOut(NEVER, { expectedSubscribers: 2 });
    const first = shared(running$).subscribe();
    shared(running$).subscribe();
    expect(nameOf(shared(running$))).toBe('FanOutFullError');
    first.unsubscribe();
    expect(nameOf(shared(running$))).toBe('FanOutStartedError');
  });

  test('F3b a full branch pauses the source; nothing is dropped', () => {
    runMarbles(({ pausableCold, level, expectObservable, expectPauses }) => {
      const source = pausableCold('ab----cd|');
      const shared = fanOut(source, { expectedSubscribers: 2, bufferSize: 2 });
      expectObservable(shared(level('t-------f'))).toBe('--------(ab)-cd|');
      expectObservable(shared(running$)).toBe('ab-----------cd|');
      expectPauses(source).toBe('-t------f');
    });
  });

  test('F3c of branches that wait for each other, none goes on, and nothing is dropped', () => {
    runMarbles(({ pausableCold, expectObservable, expectPauses }) => {
      const source = pausableCold('abcd|');
      const shared = fanOut(source, { expectedSubscribers: 2, bufferSize: 2 });
      const first$ = shared(running$);
      const second = new BehaviorSubject(true);
      // the second one waits for the end of the first, which waits for the source
      const second$ = shared(second);
      expectObservable(first$.pipe(finalize(() => second.next(false)))).toBe('ab');
      expectObservable(second$).toBe('');
      expectPauses(source).toBe('-t');
    });
  });

  test('F3a bytes have a separate bound: the source resumes when half of it is left', () => {
    runMarbles(({ pausableCold, level, expectObservable, expectPauses }) => {
      const values = { a: new Uint8Array(4), b: new DataView(new ArrayBuffer(4)), c: new Uint8Array(1) };
      const source = pausableCold('ab-----c|', values);
      const shared = fanOut(source, { expectedSubscribers: 2, bufferBytes: 8 });
      expectObservable(shared(level('t---f'))).toBe('----(ab)--c|', values);
      expectObservable(shared(running$)).toBe('ab--------c|', values);
      expectPauses(source).toBe('-t--f');
    });
  });

  test('F3a by default a branch buffers 64 MiB', () => {
    const pauses = (last: number): boolean[] => {
      const seen: boolean[] = [];
      const source: Pausable<Uint8Array> = pause$ =>
        new Observable(subscriber => {
          pause$.subscribe(level => seen.push(level));
          subscriber.next(new Uint8Array(63 * 1024 ** 2));
          subscriber.next(new Uint8Array(last));
        });
      fanOut(source, { expectedSubscribers: 1 })(of(true)).subscribe();
      return seen;
    };
    expect(pauses(1024 ** 2 - 1)).toEqual([false]);
    expect(pauses(1024 ** 2)).toEqual([false, true]);
  });

  test('B15 a branch that holds values without being full is reported; the others do not wait for it', () => {
    const scheduler = new VirtualTimeScheduler();
    const { seen, notices } = noticesOf();
    const source$ = new Subject<number>();
    const shared = fanOut(source$, { expectedSubscribers: 2, bufferSize: 2, stallAfter: 5, scheduler, notices });
    shared(of(true)).subscribe();
    shared(running$).subscribe();
    source$.next(1);
    scheduler.flush();
    expect(seen).toMatchObject([{ type: 'Stalled', subscriber: { name: 'fan-out branch 1' }, event: 1, waiting: 0 }]);
  });

  test('Y1 the records of a fan-out name it, and the settings of its branches', () => {
    const records: InspectRecord[] = [];
    const inspect = inspector(record => void records.push(record));
    const shared = fanOut(NEVER, { expectedSubscribers: 1, bufferSize: 7, stallAfter: 5, inspect });
    shared(running$).subscribe().unsubscribe();
    inspect.stop();
    expect(records).toMatchObject([
      { kind: 'opened', of: 'fanOut' },
      { kind: 'subscribed', subscriber: { required: true }, settings: { highWaterMark: 7, stallAfter: 5 } },
      { kind: 'closed' },
      { kind: 'closed' },
    ]);
  });

  test('B10k an observer of notices that throws stops no branch', () => {
    const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const source = new Subject<number>();
    const hold$ = new BehaviorSubject(true);
    const notices = {
      next: () => {
        throw new Error('observer');
      },
    };
    const shared = fanOut(source, { expectedSubscribers: 2, bufferSize: 1, notices });
    const seen: unknown[] = [];
    for (const pause$ of [NEVER, hold$])
      shared(pause$).subscribe({ next: value => seen.push(value), complete: () => seen.push('done') });
    for (const value of [1, 2, 3]) source.next(value);
    hold$.next(false);
    source.complete();
    expect(seen).toEqual([1, 2, 3, 1, 2, 3, 'done', 'done']);
    expect(written).toHaveBeenCalledTimes(1);
    written.mockRestore();
  });

  test.each([
    [{ expectedSubscribers: 2, bufersize: 3 }, 'bufersize'],
    [{ expectedSubscribers: 2, bufferBytes: 0 }, 'bufferBytes'],
    [{ expectedSubscribers: 2, stallAfter: 'soon' }, 'stallAfter'],
    [{ expectedSubscribers: 2, notices: () => undefined }, 'notices'],
    [{}, 'expectedSubscribers'],
  ])('OptionError: %j', (options, option) => {
    expect(() => fanOut(NEVER, options as never)).toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });

  test('F4a completion and error reach a branch after the values that it still holds', () => {
    runMarbles(({ cold, level, expectObservable }) => {
      for (const [source, held, free] of [
        ['ab|', '-----(ab|)', 'ab|'],
        ['ab#', '-----(ab#)', 'ab#'],
      ] as const) {
        const shared = fanOut(cold(source), { expectedSubscribers: 2 });
        expectObservable(shared(level('t----f'))).toBe(held);
        expectObservable(shared(running$)).toBe(free);
      }
    });
  });

  test('F5a F5b a branch that leaves before the start no longer counts; the source is released when the last one leaves', () => {
    runMarbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a-b-c-d');
      const shared = fanOut(source, { expectedSubscribers: 2 });
      expectObservable(shared(running$), '^-!').toBe('');
      expectObservable(shared(running$), '---^-----!').toBe('------a-b');
      expectObservable(shared(running$), '-----^-----!').toBe('------a-b-c');
      expectSubscriptions(source.subscriptions).toBe('-----^-----!');
    });
  });

  test('F7b repeat of all branches starts a new round, too, even after the last one has left', () => {
    let opened = 0;
    const ended = fanOut<number>(
      defer(() => of(++opened)),
      { expectedSubscribers: 2 },
    );
    const seen: number[][] = [];
    for (const branch of [0, 1])
      ended(running$)
        .pipe(repeat(3), toArray())
        .subscribe(values => (seen[branch] = values));
    expect(seen).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    const source$ = new Subject<number>();
    const left = fanOut<number>(source$, { expectedSubscribers: 1 });
    left(running$).subscribe().unsubscribe();
    expect(source$.observed).toBe(false);
    left(running$).subscribe();
    expect(source$.observed).toBe(true);
  });

  test('F7a F7b retry of all branches after an error starts a new round', () => {
    let rounds = 0;
    const failing = fanOut<number>(
      () =>
        ++rounds < 3
          ? concat(
              range(0, 2),
              throwError(() => new Error('again')),
            )
          : of(9),
      { expectedSubscribers: 2 },
    );
    const seen: number[][] = [];
    for (const branch of [0, 1])
      failing(running$)
        .pipe(retry(3), toArray())
        .subscribe(values => (seen[branch] = values));
    expect(seen).toEqual([
      [0, 1, 0, 1, 9],
      [0, 1, 0, 1, 9],
    ]);
  });
});
