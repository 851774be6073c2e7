// ReactiveX/rxjs #6442: lastValueFrom takes no AbortSignal. With takeUntil of the signal's event, it takes an aborted source for a
// completed one, and a signal that is aborted already for one that never will be.
import { describe, expect, test } from '@jest/globals';
import { fromEvent, lastValueFrom, Subject, takeUntil } from 'rxjs';
import { iterate } from 'rx-event-broker';

const reason = new Error('the request was cancelled');
/** Every reaction to what has happened so far. */
const turn = () => new Promise(resolve => setImmediate(resolve));

describe('the last value of a source, until a signal is aborted', () => {
  test('lastValueFrom stays subscribed, and says nothing', async () => {
    const source$ = new Subject<number>();
    const controller = new AbortController();
    const ends: unknown[] = [];
    void lastValueFrom(source$).then(
      value => ends.push(value),
      (error: unknown) => ends.push(error),
    );
    source$.next(1);
    controller.abort(reason);
    await turn();
    expect([source$.observed, ends]).toEqual([true, []]);
    source$.complete();
  });

  test('takeUntil gives a value that is not the last, and misses a signal that is aborted already', async () => {
    const source$ = new Subject<number>();
    const controller = new AbortController();
    const last = () => lastValueFrom(source$.pipe(takeUntil(fromEvent(controller.signal, 'abort'))));
    const first = last();
    source$.next(1);
    controller.abort(reason);
    expect(await first).toBe(1);

    const second = last();
    expect(source$.observed).toBe(true);
    source$.next(2);
    source$.complete();
    expect(await second).toBe(2);
  });

  /** The last value, as a loop says it. Rejects with the reason of the signal. */
  const lastOf = async (source$: Subject<number>, signal: AbortSignal): Promise<number | undefined> => {
    let last: number | undefined;
    for await (const value of iterate(source$, { required: true, signal })) last = value;
    signal.throwIfAborted();
    return last;
  };

  test('I1 I2 a loop with the signal leaves its source immediately, and rejects with the reason', async () => {
    const source$ = new Subject<number>();
    const controller = new AbortController();
    const last = lastOf(source$, controller.signal);
    source$.next(1);
    controller.abort(reason);
    expect(source$.observed).toBe(false);
    await expect(last).rejects.toBe(reason);
  });

  test('I1 it does not open its source if the signal is aborted already', async () => {
    const source$ = new Subject<number>();
    const last = lastOf(source$, AbortSignal.abort(reason));
    expect(source$.observed).toBe(false);
    await expect(last).rejects.toBe(reason);
  });

  test('I2 without an abort, it is the last value', async () => {
    const source$ = new Subject<number>();
    const last = lastOf(source$, new AbortController().signal);
    source$.next(1);
    source$.next(2);
    source$.complete();
    expect(await last).toBe(2);
  });
});
