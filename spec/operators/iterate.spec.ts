import { describe, expect, test } from '@jest/globals';
import { concat, of, Subject, throwError } from 'rxjs';
import { fromPull, iterate, lanes, type Pausable } from 'rx-event-broker';

const collect = async (loop: AsyncIterable<unknown>): Promise<unknown[]> => {
  const seen: unknown[] = [];
  try {
    for await (const value of loop) seen.push(value);
  } catch (error) {
    seen.push(`threw ${error instanceof Error ? error.message : String(error)}`);
  }
  return seen;
};

describe('iterate', () => {
  test('I2j gives the values of a source, and opens it again for each loop', async () => {
    let opened = 0;
    const source: Pausable<number> = pause$ =>
      fromPull(
        () => {
          opened++;
          return [1, 2, 3];
        },
        { pause$ },
      );
    const loop = iterate(source);
    expect(opened).toBe(0);
    expect([await collect(loop), await collect(loop), opened]).toEqual([[1, 2, 3], [1, 2, 3], 2]);
  });

  test('I2c pauses the source', async () => {
    let pulled = 0;
    const numbers = function* () {
      while (pulled < 100) yield ++pulled;
    };
    const ahead: number[] = [];
    for await (const n of iterate(pause$ => fromPull(numbers, { pause$ }), { required: true, highWaterMark: 2 }))
      ahead.push(pulled - n);
    expect([ahead.length, Math.max(...ahead)]).toEqual([100, 1]);
  });

  test('I2f throws the error of the source, even if that is undefined', async () => {
    expect(await collect(iterate(throwError(() => new Error('no'))))).toEqual(['threw no']);
    expect(await collect(iterate(throwError(() => undefined)))).toEqual(['threw undefined']);
    const failing$ = concat(
      of(1),
      throwError(() => new Error('late')),
    );
    expect(await collect(iterate(failing$))).toEqual(['threw late']);
  });

  test('I2d leaving it unsubscribes from the source, and the value in hand is not settled', async () => {
    const settled: unknown[] = [];
    const input$ = new Subject<number>();
    const source: Pausable<number> = (_, settlement) => {
      settlement.settled$.subscribe({ next: n => settled.push(n), complete: () => settled.push('end') });
      return input$;
    };
    const over = (async () => {
      for await (const value of iterate(source)) if (value === 2) break;
    })();
    input$.next(1);
    input$.next(2);
    input$.next(3);
    await over;
    expect([settled, input$.observed]).toEqual([[0, 1, 'end'], false]);
  });

  test('I2i an optional loop drops values, and reports them', async () => {
    const input$ = new Subject<number>();
    const missed: number[] = [];
    const over = collect(iterate(input$, { required: false, capacity: 1, missed: ({ count }) => missed.push(count) }));
    for (let n = 0; n < 5; n++) input$.next(n);
    input$.complete();
    expect([await over, missed]).toEqual([[0, 1], []]);
  });

  test('I1f ends when its signal is aborted', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const numbers = fromPull(() => [1, 2, 3]);
    for await (const n of iterate(numbers, { required: true, signal: controller.signal })) {
      seen.push(n);
      controller.abort();
    }
    expect(seen).toEqual([1]);
  });

  test('I2d return() while next() is pending ends it', async () => {
    const input$ = new Subject<number>();
    const loop = iterate(input$)[Symbol.asyncIterator]();
    const next = loop.next();
    await loop.return?.();
    expect([await next, await loop.next(), input$.observed]).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
      false,
    ]);
  });

  test('I2k lanes are an OptionError', () => {
    const options = { required: true, lanes: lanes({ concurrency: 2 }) } as unknown as { required: true };
    expect(() => iterate(of(1), options)).toThrow('lanes: expected no lanes');
  });

  test('I2a invalid options are rejected by the call', () => {
    expect(() => iterate(of(1), { required: false, capacity: -1 })).toThrow('capacity: expected');
    expect(() => iterate(5 as never)).toThrow('source: expected');
  });
});
