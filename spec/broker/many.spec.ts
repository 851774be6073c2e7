import { describe, expect, test } from '@jest/globals';
import { lastValueFrom, map, of, range, Subject } from 'rxjs';
import { Session, type Profiler } from 'node:inspector';
import type { EventBroker } from '../../lib/broker/Broker.js';
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

/** How often the pieces of code of lib/ are run by each of these. */
const stepsOf = (...works: readonly (() => void)[]): readonly number[] => {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const taken = (): number => {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    session.post('Profiler.takePreciseCoverage', (_, { result }) => (scripts = result));
    const own = scripts.filter(({ url }) => /[/]lib[/](flow|broker|operators)[/]/.test(url));
    const counts = own.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const steps = works.map(work => {
    taken();
    work();
    return taken();
  });
  session.disconnect();
  return steps;
};

describe('many', () => {
  test('B12d ten times as many events after a slow one take ten times the steps', () => {
    const through = (handler: 'next' | 'nextBatch', count: number) => () => {
      const gate$ = new Subject<void>();
      let begun = 0;
      const work = () => (begun++ === 0 ? gate$ : undefined);
      const broker = eventBroker<Tick>();
      broker.subscribe(handler === 'next' ? { required: true, next: work } : { required: true, nextBatch: work });
      for (let n = 0; n < count; n++) broker.send(a(n));
      gate$.complete();
      expect(begun).toBe(count);
    };
    const [events = 0, tenfold = 0, batches = 0, tenfoldBatches = 0] = stepsOf(
      through('next', 5_000),
      through('next', 50_000),
      through('nextBatch', 5_000),
      through('nextBatch', 50_000),
    );
    expect(Math.min(events, batches)).toBeGreaterThan(50_000);
    expect(Math.max(tenfold / events, tenfoldBatches / batches)).toBeLessThan(12);
  });

  test('B6r closing ten times as many subscribers of one type takes ten times the steps', () => {
    const closing = (count: number, close: (broker: EventBroker<Tick>, ids: readonly number[]) => void) => {
      const broker = eventBroker<Tick>();
      const next = (): void => undefined;
      const ids = Array.from({ length: count }, () => broker.subscribe({ required: true, types: ['A'], next }).id);
      return () => {
        close(broker, ids);
        expect(broker.snapshot().subscribers).toEqual([]);
      };
    };
    for (const close of [
      (broker: EventBroker<Tick>, ids: readonly number[]) => broker.unsubscribe(...ids),
      (broker: EventBroker<Tick>, ids: readonly number[]) => ids.forEach(id => broker.unsubscribe(id)),
      (broker: EventBroker<Tick>, ids: readonly number[]) => ids.toReversed().forEach(id => broker.unsubscribe(id)),
    ]) {
      const [few = 0, tenfold = 0] = stepsOf(closing(500, close), closing(5_000, close));
      expect(few).toBeGreaterThan(5_000);
      expect(tenfold / few).toBeLessThan(12);
    }
  });

  test('B6r leaving ten times as many loops takes ten times the steps', () => {
    const leaving = (count: number) => {
      const broker = eventBroker<Tick>();
      const loops = Array.from({ length: count }, () => broker.iterate({ required: true })[Symbol.asyncIterator]());
      return () => {
        for (const loop of loops.toReversed()) void loop.return?.();
        expect(broker.snapshot().subscribers).toEqual([]);
      };
    };
    const [few = 0, tenfold = 0] = stepsOf(leaving(300), leaving(3_000));
    expect(few).toBeGreaterThan(3_000);
    expect(tenfold / few).toBeLessThan(12);
  });

  test('B12c a million synchronous acknowledgements after a slow one', async () => {
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

  test('B9a B9c 60,000 sends from inside a delivery, in order, and the error past maxPending', () => {
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
