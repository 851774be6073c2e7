import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lastValueFrom, Observable, toArray } from 'rxjs';
import { settledBy, type Pausable } from 'rx-event-broker';
import { memoryBlockStore } from '../../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { blockEvents, chainOf, upgradeStarted, type ChainEvent } from '../../store/chainOf.js';
import { options, stored } from '../../store/runBlocks.js';

/** A queue that keeps what is not acknowledged, and gives it again from there. */
const queueOf = (events: readonly ChainEvent[]) => {
  const queue = { acknowledged: 0, given: 0 };
  const source: Pausable<ChainEvent> = (_, settlement) =>
    new Observable(subscriber => {
      const given = settledBy<number>(subscriber, settlement, upTo => (queue.acknowledged = upTo));
      for (let i = queue.acknowledged; i < events.length && !subscriber.closed; i++) {
        queue.given = i + 1;
        given(i + 1, () => subscriber.next(events[i]!));
      }
      given.complete();
    });
  return { queue, source };
};

describe('K4 storeBlocks', () => {
  test('K4e K3b events are settled with their block; a source at its end inside a block completes', async () => {
    const { queue, source } = queueOf([
      ...blockEvents(1),
      ...blockEvents(2, { rows: 2 }),
      ...blockEvents(3).slice(0, 2),
    ]);
    const store = memoryBlockStore();
    const heights = (await lastValueFrom(storeBlocks(source, options(store)).pipe(toArray()))).map(
      ({ height }) => height,
    );
    expect([heights, queue.given, queue.acknowledged]).toEqual([[1, 2], 9, 7]);
  });

  test('K4e a snapshot after an end-block is settled with the next block, an upgrade when it is done', async () => {
    const events = [...blockEvents(1, { snapshot: 'after' }), ...blockEvents(2), upgradeStarted(2)];
    const acknowledged: number[] = [];
    for (const length of [4, 5, 7, 8]) {
      const { queue, source } = queueOf(events.slice(0, length));
      await lastValueFrom(storeBlocks(source, options(memoryBlockStore())).pipe(toArray()));
      acknowledged.push(queue.acknowledged);
    }
    expect(acknowledged).toEqual([3, 3, 7, 8]);
  });

  test('K4f events of blocks that are already stored are settled when they are skipped', async () => {
    const store = memoryBlockStore();
    const events = [...blockEvents(1), ...blockEvents(2)];
    await lastValueFrom(storeBlocks(queueOf(events).source, options(store)).pipe(toArray()));
    const { queue, source } = queueOf(events);
    const again = await lastValueFrom(storeBlocks(source, options(store)).pipe(toArray()));
    expect([again, queue.acknowledged]).toEqual([[], 6]);
  });

  test.each(['first', 'inside the block'])(
    'K5a K4e a source that asks %s hears of a block when it is stored',
    async when => {
      const settled: number[] = [];
      let emit: ((event: ChainEvent) => void) | undefined;
      let ask = (): void => undefined;
      const source: Pausable<ChainEvent> = (_, settlement) =>
        new Observable(subscriber => {
          emit = event => subscriber.next(event);
          ask = () => subscriber.add(settlement.settled$.subscribe(n => settled.push(n)));
          if (when === 'first') ask();
        });
      const subscription = storeBlocks(source, options(memoryBlockStore())).subscribe();
      const turn = () => new Promise(resolve => setImmediate(resolve));
      const [begin, row, end] = blockEvents(1);
      emit?.(begin!);
      await turn();
      emit?.(row!);
      await turn();
      if (when !== 'first') ask();
      expect(settled).toEqual([0]);
      emit?.(end!);
      await turn();
      subscription.unsubscribe();
      expect(settled).toEqual([0, 3]);
    },
  );

  test('K1c a block that fails settles nothing', async () => {
    const { queue, source } = queueOf([...blockEvents(1), ...blockEvents(2)]);
    const fails = {
      types: ['End'] as const,
      next: ({ height }: ChainEvent) => (height === 2 ? Promise.reject(new Error('no')) : undefined),
    };
    const stream$ = storeBlocks(source, { ...options(memoryBlockStore()), subscribers: [fails] });
    await expect(lastValueFrom(stream$.pipe(toArray()))).rejects.toMatchObject({ name: 'BlockFailedError' });
    expect(queue.acknowledged).toBe(3);
  });

  test('K1 S11 whenever it stops, unsettled events come again, and each row is stored once', async () => {
    const plan = fc.record({
      rows: fc.integer({ min: 0, max: 3 }),
      snapshot: fc.constantFrom(undefined, 'inside' as const, 'after' as const, 'upgrade' as const),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(plan, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 6 }),
        async (plans, stops) => {
          const events = chainOf(plans);
          const { queue, source } = queueOf(events);
          const store = memoryBlockStore();
          for (const stop of [...stops, Infinity]) {
            let left = stop;
            // the process ends in the middle of whatever it does
            const stopping: Pausable<ChainEvent> = (pause$, settlement) =>
              new Observable(subscriber => {
                const inner = source(pause$, settlement).subscribe({
                  next: event => {
                    if (left-- <= 0) subscriber.error(new Error('stopped'));
                    else subscriber.next(event);
                  },
                  error: (error: unknown) => subscriber.error(error),
                  complete: () => subscriber.complete(),
                });
                return inner;
              });
            await lastValueFrom(storeBlocks(stopping, options(store)).pipe(toArray())).catch(() => []);
          }
          expect(queue.acknowledged).toBeLessThanOrEqual(events.length);
          const whole = memoryBlockStore();
          await lastValueFrom(storeBlocks(queueOf(events).source, options(whole)).pipe(toArray()));
          expect(stored(store)).toEqual(stored(whole));
        },
      ),
      { numRuns: process.env['MUTATE'] === undefined ? 200 : 40 },
    );
  });
});
