import './invariants.js';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { EventEmitter } from 'node:events';
import { BehaviorSubject, NEVER, Subject, throwError, type Observable } from 'rxjs';
import { fromPush, type FromPushOptions, type Gap, type Notice, type PushEnd } from 'rx-event-broker';
import { runMarbles } from 'rx-event-broker/testing';

/** A source of what an Observable pushes. */
const pushing = <T>(pushed$: Observable<T>, options?: FromPushOptions<T>) =>
  fromPush<T>((push, { complete, error }) => pushed$.subscribe({ next: push, complete, error }), options);

describe('fromPush', () => {
  test('I3a passes on pushed values; those that are pushed during a pause wait', () => {
    runMarbles(({ hot, level, expectObservable, expectSubscriptions }) => {
      const pushed$ = hot('-a-b-c------d|');
      const pause$ = level('--t---f-------');
      const expected = '   -a----(bc)--d|';
      expectObservable(pushing(pushed$)(pause$)).toBe(expected);
      expectSubscriptions(pushed$.subscriptions).toBe('^------------!');
    });
  });

  test('I3b values that do not fit are dropped, and reported before the next value and by notices', () => {
    runMarbles(({ hot, level, expectObservable, flush }) => {
      const order: unknown[] = [];
      const seen: Notice<string>[] = [];
      const options: FromPushOptions<string> = {
        capacity: 2,
        overflow: 'dropOldest',
        missed: gap => order.push(gap),
        notices: { next: notice => seen.push(notice) },
      };
      const pause$ = level('  t-----f-------');
      const pushed$ = hot('-abcd------e|');
      expectObservable(pushing(pushed$, { capacity: 2 })(pause$)).toBe('------(ab)-e|');
      pushing(pushed$, options)(pause$).subscribe(value => order.push(value));
      flush();
      const gap: Gap<string> = { count: 2, reason: 'overflow', first: 'a', last: 'b' };
      expect(order).toEqual([gap, 'c', 'd', 'e']);
      expect(seen.filter(({ type }) => type === 'Dropped')).toMatchObject([
        { open: true, count: 1, first: 'a', subscriber: { name: 'fromPush' } },
        { open: false, ...gap },
      ]);
    });
  });

  test('I3c completion and errors come after waiting values', () => {
    runMarbles(({ hot, level, expectObservable }) => {
      const pause$ = level('                                 t-----f');
      expectObservable(pushing(hot('-ab|'))(pause$)).toBe(' ------(ab|)');
      expectObservable(pushing(hot('-ab#'))(pause$)).toBe(' ------(ab#)');
    });
  });

  test('I3d the bound in bytes holds, too', () => {
    runMarbles(({ hot, level, expectObservable }) => {
      const pause$ = level('                                 t-----f');
      const pushed$ = hot('-abc|', { a: 'x', b: 'yyy', c: 'z' });
      expectObservable(pushing(pushed$, { capacityBytes: 2, sizeOf: ({ length }) => length })(pause$)).toBe(
        '------(ac|)',
        { a: 'x', c: 'z' },
      );
    });
    expect(() => fromPush(() => undefined, { capacityBytes: 2 })).toThrow('capacityBytes: expected the option sizeOf');
  });

  test('I3e calls pause when the consumer is full, and resume when nothing waits any more', () => {
    runMarbles(({ hot, level, expectObservable }) => {
      const asked$ = new Subject<string>();
      const options = { pause: () => asked$.next('p'), resume: () => asked$.next('r') };
      const pause$ = level('                                               -t--f-t-t-f--');
      expectObservable(asked$).toBe('                                      -p--r-p---r');
      expectObservable(pushing(hot('a-b--c---------|'), options)(pause$)).toBe('a---bc---------|');
    });
  });

  test('I3e if the pause returns while waiting values are emitted, resume is not called', () => {
    const pause$ = new BehaviorSubject(true);
    const asked: string[] = [];
    let push!: (value: number) => void;
    const source = fromPush<number>(to => void (push = to), {
      pause: () => asked.push('pause'),
      resume: () => asked.push('resume'),
    });
    const seen: number[] = [];
    source(pause$).subscribe(value => {
      seen.push(value);
      pause$.next(true);
    });
    push(1);
    push(2);
    pause$.next(false);
    expect([seen, asked]).toEqual([[1], ['pause']]);
    pause$.next(false);
    expect([seen, asked]).toEqual([[1, 2], ['pause']]);
    pause$.next(false);
    expect([seen, asked]).toEqual([
      [1, 2],
      ['pause', 'resume'],
    ]);
  });

  test('I3e pause and resume are called only between open and the end', () => {
    const pause$ = new BehaviorSubject(true);
    const order: unknown[] = [];
    let give!: { push: (n: number) => void; end: PushEnd };
    const source = fromPush<number>(
      (push, end) => {
        order.push('open');
        give = { push, end };
      },
      { pause: () => order.push('pause'), resume: () => order.push('resume') },
    );
    source(pause$).subscribe({ next: n => order.push(n), complete: () => order.push('end') });
    give.push(1);
    give.end.complete();
    pause$.next(false);
    expect(order).toEqual(['open', 'pause', 1, 'end']);
  });

  test('I3f opens at each subscription, and tears down when it is left or has ended', () => {
    const emitter = new EventEmitter();
    const source = fromPush<number>((push, { complete }) => {
      emitter.on('value', push);
      emitter.on('end', complete);
      return () => {
        emitter.off('value', push);
        emitter.off('end', complete);
      };
    });
    const listeners = () => emitter.listenerCount('value') + emitter.listenerCount('end');
    expect(listeners()).toBe(0);
    const seen: unknown[] = [];
    const open = () => source(NEVER).subscribe({ next: n => seen.push(n), complete: () => seen.push('end') });
    const subscription = open();
    open();
    expect(listeners()).toBe(4);
    emitter.emit('value', 1);
    subscription.unsubscribe();
    emitter.emit('value', 2);
    emitter.emit('end');
    expect([seen, listeners()]).toEqual([[1, 1, 2, 'end'], 0]);
  });

  test('I3f values that wait when the source is left are dropped, and reported', () => {
    const notices: Notice<number>[] = [];
    const pushed$ = new Subject<number>();
    const subscription = pushing(pushed$, { notices: { next: notice => notices.push(notice) } })(
      new BehaviorSubject(true),
    ).subscribe();
    pushed$.next(1);
    pushed$.next(2);
    subscription.unsubscribe();
    expect(notices).toMatchObject([{ type: 'Dropped', count: 2, reason: 'closed' }, { type: 'Closed' }]);
  });

  test('I3g an error of open, pause, resume or pause$ is its error, and nothing is called after that', () => {
    const no = new Error('no');
    const fails = () => {
      throw no;
    };
    const asked = jest.fn();
    const errorOf = (source: ReturnType<typeof fromPush>, pause$: Observable<boolean>) => {
      const errors: unknown[] = [];
      source(pause$).subscribe({ error: error => errors.push(error) });
      return errors;
    };
    const paused$ = new BehaviorSubject(true);
    expect(errorOf(fromPush(fails, { pause: asked }), paused$)).toEqual([no]);
    expect(
      errorOf(
        fromPush(() => asked, { pause: fails }),
        paused$,
      ),
    ).toEqual([no]);
    expect(asked).toHaveBeenCalledTimes(1);
    const level$ = new BehaviorSubject(true);
    const errors = errorOf(
      fromPush(() => undefined, { resume: fails }),
      level$,
    );
    level$.next(false);
    expect(errors).toEqual([no]);
    expect(
      errorOf(
        fromPush(() => void asked(), { pause: asked }),
        throwError(() => no),
      ),
    ).toEqual([no]);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test('B10p an `open` that returns no teardown is an error that says so', () => {
    const found = (open: () => unknown) => {
      const seen: unknown[] = [];
      fromPush(open as never)(NEVER).subscribe({ error: error => seen.push((error as Error).message) });
      return seen;
    };
    const expected = 'open: expected a function that returns its teardown, or nothing, found ';
    expect(found(() => 5)).toEqual([expect.stringContaining(`${expected}5`)]);
    expect(found(() => Promise.reject(new Error('no')))).toEqual([expect.stringContaining(`${expected}a Promise`)]);
    expect(found(() => null)).toEqual([]);
  });

  test('I3c after its end nothing is pushed or called', () => {
    const pause$ = new BehaviorSubject(false);
    const asked = jest.fn();
    let give!: { push: (n: number) => void; end: PushEnd };
    const seen: unknown[] = [];
    fromPush<number>((push, end) => void (give = { push, end }), { pause: asked, resume: asked })(pause$).subscribe({
      next: n => seen.push(n),
      error: error => seen.push(error),
    });
    give.end.error('first');
    give.end.error('second');
    give.push(1);
    pause$.next(true);
    expect([seen, asked.mock.calls]).toEqual([['first'], []]);
  });

  test('I3h options are checked at the call', () => {
    expect(() => fromPush(5 as never)).toThrow('open: expected a function');
    expect(() => fromPush(() => undefined, { capacity: -1 })).toThrow('capacity: expected');
    expect(() => fromPush(() => undefined, { capacty: 1 } as never)).toThrow('capacty: expected capacity');
    expect(() => fromPush(() => undefined, { required: true } as never)).toThrow('has no option of this name');
  });

  test('I3a I3b it is a bounded list: for any values at any time, those that are not dropped come in order', () => {
    const step = fc.constantFrom('push', 'push', 'pause', 'resume', 'end');
    const overflow = fc.constantFrom('dropNewest' as const, 'dropOldest' as const);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(3), overflow, (steps, capacity, overflow) => {
        const pause$ = new BehaviorSubject(false);
        const pushed$ = new Subject<number>();
        const seen: unknown[] = [];
        pushing(pushed$, { capacity, overflow, missed: ({ count }) => seen.push(`-${count}`) })(pause$).subscribe({
          next: n => seen.push(n),
          complete: () => seen.push('|'),
        });
        // the oracle: a list of what waits, of which a text is a gap
        const expected: unknown[] = [];
        let waiting: { n: number; before: number }[] = [];
        let gap = 0;
        let isOver = false;
        let n = 0;
        for (const kind of steps) {
          if (kind === 'push') {
            pushed$.next(++n);
            if (isOver) continue;
            if (!pause$.value) {
              if (gap > 0) expected.push(`-${gap}`);
              gap = 0;
              expected.push(n);
            } else if (waiting.length < capacity) {
              waiting.push({ n, before: gap });
              gap = 0;
            } else if (overflow === 'dropNewest' || capacity === 0) gap++;
            else {
              // what made room lies before the value after it
              const { before } = waiting.shift()!;
              const [next] = waiting;
              if (next !== undefined) next.before += before + 1;
              waiting.push({ n, before: next === undefined ? before + 1 + gap : gap });
              gap = 0;
            }
          }
          if (kind === 'pause') pause$.next(true);
          if (kind === 'resume') pause$.next(false);
          if (kind === 'end') {
            pushed$.complete();
            isOver = true;
          }
          if (!pause$.value) {
            for (const { n: value, before } of waiting) expected.push(...(before > 0 ? [`-${before}`] : []), value);
            waiting = [];
          }
          if (isOver && waiting.length === 0 && expected.at(-1) !== '|') expected.push('|');
        }
        expect(seen).toEqual(expected);
      }),
    );
  });
});
