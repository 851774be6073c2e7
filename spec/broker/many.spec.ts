import { describe, expect, test } from '@jest/globals';
import { lastValueFrom, map, of, range, Subject } from 'rxjs';
import { eventBroker } from '../../lib/broker/eventBroker.js';
import { backpressure } from '../../lib/operators/backpressure.js';
import { a, type Tick } from './ticks.js';

/** Calls on the stack. */
const depth = (): number => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack.split('\n').length;
};

describe('many', () => {
  test('B12 a million synchronous acknowledgements behind a slow one', async () => {
    const gate = new Subject<void>();
    let begun = 0;
    let deepest = 0;
    const done = lastValueFrom(
      backpressure<number, number>(range(0, 1_000_000), {
        required: true,
        maxPending: Infinity,
        project: i => {
          begun++;
          if (i % 100_000 === 1) deepest = Math.max(deepest, depth());
          return i === 0 ? gate.pipe(map(() => 0)) : of(i);
        },
      }),
    );
    gate.complete();
    expect(await done).toBe(999_999);
    expect(begun).toBe(1_000_000);
    expect(deepest).toBeLessThan(100);
  }, 60_000);

  test('B9 60,000 sends from inside a delivery, in order, and the refusal past maxPending', () => {
    const broker = eventBroker<Tick>();
    let seen = 0;
    let sorted = true;
    let refused: unknown;
    broker.subscribe({
      required: true,
      next: ({ n }) => {
        sorted &&= n === seen++;
        if (n > 0) return;
        for (let i = 1; i <= 60_000; i++) broker.send(a(i));
        try {
          broker.sendBatch(Array.from({ length: 10_000 }, (_, i) => a(i)));
        } catch (error) {
          refused = error;
        }
      },
    });
    broker.send(a(0));
    expect([seen, sorted]).toEqual([60_001, true]);
    expect(refused).toMatchObject({ name: 'BacklogFullError', pending: 60_000, maxPending: 65_536 });
  });
});
