import { describe, expect, test } from '@jest/globals';
import { concat, defer, EMPTY, from, ignoreElements, lastValueFrom, map, NEVER, Observable, retry } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import type { BlockStore } from '../../lib/store/BlockStore.js';
import { memoryBlockStore, type MemoryTx } from '../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, chainOf, type ChainEvent } from './chainOf.js';
import { loggedStore } from './loggedStore.js';
import { all, errorOf, options, rowsOf, stored, writeRow, type Options, type Subscriber } from './runBlocks.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

/** The stream, then nothing: it neither completes nor errors. */
const endless = (events: readonly ChainEvent[]) => concat(from(events), NEVER);

describe('release', () => {
  const tick = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

  test('S8a L1b L1d unsubscribing lets the operation in flight finish, then rolls back; a second subscription waits', async () => {
    const chain = chainOf([{ rows: 1, epoch: true }]);
    const operations = ['progress', 'begin', 'add 1', 'commit', 'refreshViews', 'next'];
    for (const held of operations) {
      const log: string[] = [];
      const store = memoryBlockStore();
      let release = (): void => undefined;
      const gate = new Promise<void>(resolve => (release = resolve));
      let holding = true;
      const hold = (operation: string): Promise<void> | undefined => {
        if (operation !== held || !holding) return undefined;
        holding = false;
        log.push('held');
        return gate;
      };
      const subscriber: Subscriber = {
        types: ['Row'],
        next: async (event, tx) => {
          await hold('next');
          await writeRow(event, tx);
        },
      };
      const logged = loggedStore(store, operation => log.push(operation), hold);
      const settings: Options = {
        ...options(logged, { subscribers: [subscriber] }),
        notices: { next: ({ type }) => ['Released', 'Waiting'].includes(type) && log.push(type) },
      };
      const first = storeBlocks(endless(chain), settings).subscribe({
        error: (error: unknown) => log.push(String(error)),
      });
      while (!log.includes('held')) await tick();
      first.unsubscribe();
      const second = all(storeBlocks(from(chain), settings));
      await tick();
      expect(log.slice(log.indexOf('held') + 1)).toEqual(['Waiting']);
      release();
      await second;
      expect(log.slice(log.indexOf('Waiting') + 1, log.indexOf('progress', log.indexOf('Waiting')))).toEqual(
        held === 'add 1' || held === 'next' || held === 'begin' ? ['rollback', 'Released'] : ['Released'],
      );
      expect(stored(store)).toEqual(rowsOf(chain));
    }
  });

  test('L1b two subscriptions at the same time write one after the other, and each block once', async () => {
    const chain = chainOf([{}, {}, {}]);
    const store = memoryBlockStore();
    const one = storeBlocks(from(chain), options(store));
    const two = storeBlocks(from(chain), options(store));
    const heights = await Promise.all([all(one.pipe(map(b => b.height))), all(two.pipe(map(b => b.height)))]);
    expect(heights).toEqual([[1, 1, 2, 3], []]);
    expect(stored(store)).toEqual(rowsOf(chain));
  });

  test('L1 if one leaves while it waits, the next one waits for the one before it', async () => {
    const log: string[] = [];
    const store = loggedStore(memoryBlockStore(), operation => log.push(operation));
    const first = storeBlocks(endless(chainOf([{}]).slice(0, 2)), options(store)).subscribe();
    await tick();
    storeBlocks(NEVER, options(store)).subscribe().unsubscribe();
    const third = all(storeBlocks(EMPTY, options(store)));
    await tick();
    expect(log).toEqual(['progress', 'begin', 'add 1']);
    first.unsubscribe();
    await third;
    expect(log).toEqual(['progress', 'begin', 'add 1', 'rollback', 'progress']);
  });

  test('L1c retry does not meet its own open transaction', async () => {
    const chain = chainOf([{ rows: 2 }, { rows: 2 }]);
    const store = memoryBlockStore();
    let failures = 5;
    const flaky: Subscriber = {
      types: ['Row'],
      next: (event, tx) => {
        if (event.value === 2001 && failures-- > 0) throw new Error('again');
        return writeRow(event, tx);
      },
    };
    const blocks = await all(
      storeBlocks(from(chain), options(store, { subscribers: [flaky] })).pipe(retry({ count: 5 })),
    );
    expect(blocks.map(({ height }) => height)).toEqual([1, 1, 2]);
    expect(stored(store)).toEqual(rowsOf(chain));
  });

  test('S8b a source that completes in a block: rolled back, announced, completed', async () => {
    const seen: Notice[] = [];
    const log: string[] = [];
    const memory = memoryBlockStore();
    const store = loggedStore(memory, operation => log.push(operation));
    const blocks = await all(
      storeBlocks(from(chainOf([{}, {}]).slice(0, -1)), {
        ...options(store),
        notices: { next: notice => seen.push(notice) },
      }),
    );
    await tick();
    expect(blocks).toHaveLength(2);
    expect(log.at(-1)).toBe('rollback');
    expect(seen.filter(({ type }) => type === 'OpenBlock')).toEqual([
      { type: 'OpenBlock', height: 2, ms: expect.any(Number) },
    ]);
    expect(seen.at(-1)).toEqual({ type: 'Released', what: `block store of ${CHAIN_ID}` });
  });

  test('S8 with a savepoint open, it is ended before the rollback', async () => {
    const log: string[] = [];
    const memory = memoryBlockStore();
    const store: BlockStore<MemoryTx> = {
      ...memory,
      attempt: (tx, work) =>
        memory.attempt(tx, work).finally(() => {
          log.push('attempt ended');
        }),
      rollback: tx => {
        log.push('rollback');
        return memory.rollback(tx);
      },
    };
    await all(storeBlocks(from(blockEvents(1).slice(0, -1)), { ...options(store), onFailure: 'continue' }));
    expect(log).toEqual(['attempt ended', 'rollback']);
  });

  test('S8 an Observable that a subscriber returned is unsubscribed', async () => {
    let left = false;
    const forever = new Observable<never>(() => () => (left = true));
    const store = memoryBlockStore();
    const first = storeBlocks(
      from(blockEvents(1)),
      options(store, { subscribers: [{ types: ['Row'], next: () => forever }] }),
    ).subscribe();
    await tick();
    first.unsubscribe();
    expect(left).toBe(true);
    expect(await all(storeBlocks(from(blockEvents(1)), options(store)))).toHaveLength(1);
  });

  test('a missing store is reported even if no event comes', async () => {
    const away: BlockStore<MemoryTx> = {
      ...memoryBlockStore(),
      progress: () => Promise.reject(new Error('connect ECONNREFUSED')),
    };
    expect((await errorOf(storeBlocks(NEVER, options(away)))).message).toBe(
      `block store: progress failed: connect ECONNREFUSED (${ERRORS_PAGE}#blockfailederror)`,
    );
  });

  test('an empty source completes', async () => {
    expect(await all(storeBlocks(EMPTY, options(memoryBlockStore())))).toEqual([]);
    await lastValueFrom(defer(() => storeBlocks(EMPTY, options(memoryBlockStore()))).pipe(ignoreElements()), {
      defaultValue: undefined,
    });
  });
});
