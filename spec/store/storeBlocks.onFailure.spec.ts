import { describe, expect, jest, test } from '@jest/globals';
import { from } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import type { BlockStore } from '../../lib/store/BlockStore.js';
import { memoryBlockStore, type MemoryTx } from '../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { chainOf, type ChainEvent } from './chainOf.js';
import { loggedStore } from './loggedStore.js';
import { all, errorOf, fail, options, rowsOf, stored, writeRow, type Options, type Types } from './runBlocks.js';

describe('onFailure: continue', () => {
  const watched = (more: Partial<Options>) => {
    const seen: Notice<ChainEvent>[] = [];
    const store = memoryBlockStore();
    const log: string[] = [];
    const logged = loggedStore(store, operation => log.push(operation));
    const stream$ = storeBlocks<ChainEvent, MemoryTx, readonly Types[]>(from(chainOf([{ rows: 3 }, {}])), {
      ...options(logged, more),
      onFailure: 'continue',
      notices: { next: notice => seen.push(notice) },
    });
    const failures = () =>
      seen.flatMap(notice =>
        notice.type === 'Failed'
          ? [{ who: notice.subscriber.name, values: notice.events.map(event => event.value), why: notice.error }]
          : [],
      );
    return { stream$, store, failures, log };
  };
  const why = new Error('no');
  const bad = 1001;

  test.each([
    [
      'throws',
      (event: ChainEvent, tx: MemoryTx) => {
        if (event.value === bad) throw why;
        return writeRow(event, tx);
      },
    ],
    [
      'rejects after writing',
      (event: ChainEvent, tx: MemoryTx) => {
        const written = writeRow(event, tx);
        return event.value === bad ? Promise.reject(why) : written;
      },
    ],
    [
      'writes, always asynchronously, and fails',
      async (event: ChainEvent, tx: MemoryTx) => {
        await Promise.resolve();
        await writeRow(event, tx);
        if (event.value === bad) throw why;
      },
    ],
  ] as const)('S7 a subscriber that %s fails on that event alone, which is announced', async (_how, next) => {
    const { stream$, store, failures } = watched({
      subscribers: [
        { name: 'one', types: ['Row'], next },
        { name: 'two', types: ['Row'], next: ({ value }, tx) => tx.put('two', String(value), 1) },
      ],
    });
    expect(await all(stream$)).toHaveLength(3);
    expect(failures()).toEqual([{ who: 'one', values: [bad], why }]);
    expect(stored(store)).toEqual(rowsOf(chainOf([{ rows: 3 }, {}])).filter(([value]) => value !== String(bad)));
    expect(store.rows('two').size).toBe(7);
  });

  test('S7g a flush that fails is retried in parts, and failing parts are announced', async () => {
    let kept: ChainEvent[] = [];
    const { stream$, store, failures } = watched({
      subscribers: [
        {
          name: 'batch',
          types: ['Row'],
          beginBlock: () => void (kept = []),
          next: event => void kept.push(event),
          flush: async tx => {
            for (const event of kept) {
              await writeRow(event, tx);
              if (event.value === bad) throw why;
            }
          },
          parts: () =>
            kept.map(event => ({
              events: [event],
              write: async tx => {
                await writeRow(event, tx);
                if (event.value === bad) throw why;
              },
            })),
        },
      ],
    });
    expect(await all(stream$)).toHaveLength(3);
    expect(failures()).toEqual([{ who: 'batch', values: [bad], why }]);
    expect(stored(store)).toEqual(rowsOf(chainOf([{ rows: 3 }, {}])).filter(([value]) => value !== String(bad)));
  });

  test('S7 a beginBlock or a flush without parts that fails is announced, and the block continues', async () => {
    const { stream$, failures } = watched({
      subscribers: [{ name: 'bad', types: ['Row'], next: () => undefined, beginBlock: fail, flush: fail }],
    });
    expect(await all(stream$)).toHaveLength(3);
    expect(failures()).toHaveLength(6);
  });

  test('S7f subscribers that only collect cost one savepoint per block', async () => {
    const { stream$, log } = watched({
      subscribers: [{ types: ['Row'], next: () => undefined, flush: () => Promise.resolve() }],
    });
    await all(stream$);
    expect(log.filter(entry => entry === 'attempt')).toHaveLength(3);
  });

  test.each(['attempt', 'commit', 'add 1', 'begin'])('S7e the store itself may not fail: %s', async failing => {
    const store = memoryBlockStore();
    const broken = loggedStore(
      store,
      () => undefined,
      operation => (operation === failing ? Promise.reject(why) : undefined),
    );
    const error = await errorOf(storeBlocks(from(chainOf([{}])), { ...options(broken), onFailure: 'continue' }));
    expect(error).toMatchObject({ name: 'BlockFailedError', cause: why });
    expect(await store.progress()).toBeUndefined();
  });

  test('S7 a savepoint that cannot be undone fails the block; the failure that it should undo is announced', async () => {
    const seen: Notice[] = [];
    const store = memoryBlockStore();
    const lost = new Error('connection lost');
    const broken: BlockStore<MemoryTx> = {
      ...store,
      attempt: (_tx, work) => work().catch(() => Promise.reject(lost)),
    };
    const error = await errorOf(
      storeBlocks(from(chainOf([{}])), {
        ...options(broken, { subscribers: [{ types: ['Row'], next: () => Promise.reject(why) }] }),
        onFailure: 'continue',
        notices: { next: notice => seen.push(notice) },
      }),
    );
    expect(error).toMatchObject({ operation: 'savepoint', cause: lost });
    expect(seen).toContainEqual(expect.objectContaining({ type: 'Failed', error: why }));
    expect(await store.progress()).toBeUndefined();
  });

  test('B10j failures without an observer are written once for each subscriber', async () => {
    const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    await all(
      storeBlocks(from(chainOf([{}, {}])), {
        ...options(memoryBlockStore(), {
          subscribers: [
            { types: ['Row'], next: fail },
            { types: ['End'], next: fail },
          ],
        }),
        onFailure: 'continue',
      }),
    );
    const lines = written.mock.calls.length;
    written.mockRestore();
    expect(lines).toBe(2);
  });
});
