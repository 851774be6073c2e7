import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { concat, defer, from, mergeMap, NEVER, Observable, of, Subscription, throwError } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import type { BlockStore } from '../../lib/store/BlockStore.js';
import { memoryBlockStore, type MemoryTx } from '../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, chainOf, type ChainEvent } from './chainOf.js';
import { loggedStore } from './loggedStore.js';
import { all, errorOf, fail, options, rows, rowsOf, stored, writeRow, type Subscriber } from './runBlocks.js';

const tick = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
const endless = (events: readonly ChainEvent[]) => concat(from(events), NEVER);

/** Unhandled rejections would end the process. */
const left: unknown[] = [];
const listen = (error: unknown): void => void left.push(error);
beforeEach(() => {
  left.length = 0;
  process.on('unhandledRejection', listen);
});
afterEach(async () => {
  await tick();
  process.off('unhandledRejection', listen);
  expect(left).toEqual([]);
});

/** Silences the console while `work` runs; gives what was written. */
const written = async (work: () => Promise<unknown>): Promise<readonly unknown[][]> => {
  const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    await work();
    return error.mock.calls.map((call: readonly unknown[]) => [...call]);
  } finally {
    error.mockRestore();
  }
};

const rollbackFails = <Tx>(store: BlockStore<Tx>, why: unknown): BlockStore<Tx> => ({
  ...store,
  rollback: async tx => {
    await store.rollback(tx);
    throw why;
  },
});

describe('a rollback that fails', () => {
  const lost = new Error('connection lost');
  const no = new Error('no');

  test('S7 after a flush that failed: both are in the error, and a notice says so', async () => {
    const seen: Notice[] = [];
    const store = rollbackFails(memoryBlockStore(), lost);
    let error: unknown;
    const lines = await written(async () => {
      error = await errorOf(
        storeBlocks(from(blockEvents(1)), {
          ...options(store, { subscribers: [{ ...rows, flush: () => Promise.reject(no) }] }),
          notices: { next: notice => seen.push(notice) },
        }),
      );
    });
    expect(error).toMatchObject({ operation: 'flush', event: { type: 'End' }, cause: no, rollback: lost });
    expect(seen).toContainEqual(
      expect.objectContaining({
        subscriber: { id: 0, key: 0, name: 'block store of chain-1' },
        error: expect.objectContaining({ operation: 'rollback', height: 1, cause: lost }),
      }),
    );
    expect(lines).toEqual([]);
  });

  test('S7 after an error of the source, which is not replaced: a notice, or the console', async () => {
    const broken = defer(() => tick()).pipe(mergeMap(() => throwError(() => no)));
    const cut$ = concat(from(blockEvents(1).slice(0, 2)), broken);
    const lines = await written(async () => {
      expect(await errorOf(storeBlocks(cut$, options(rollbackFails(memoryBlockStore(), lost))))).toBe(no);
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.[1]).toMatchObject({ operation: 'rollback', cause: lost });
  });

  test('S8 after the end of the source, and after unsubscribing', async () => {
    for (const source$ of [from(blockEvents(1).slice(0, 2)), endless(blockEvents(1).slice(0, 2))]) {
      const seen: Notice[] = [];
      const subscription = storeBlocks(source$, {
        ...options(rollbackFails(memoryBlockStore(), lost)),
        notices: { next: notice => seen.push(notice) },
      }).subscribe();
      await tick();
      subscription.unsubscribe();
      await tick();
      expect(seen.filter(({ type }) => type === 'Failed')).toMatchObject([{ error: { operation: 'rollback' } }]);
      expect(seen.at(-1)).toMatchObject({ type: 'Released' });
    }
  });
});

describe('leaving', () => {
  test('S8 L1 while the rollback runs: the next one waits for its end', async () => {
    const log: string[] = [];
    let rolledBack = (): void => undefined;
    const gate = new Promise<void>(resolve => (rolledBack = resolve));
    const store = loggedStore(
      memoryBlockStore(),
      operation => log.push(operation),
      operation => (operation === 'rollback' ? gate : undefined),
    );
    const first = storeBlocks(from(blockEvents(1).slice(0, 2)), options(store)).subscribe();
    while (!log.includes('rollback')) await tick();
    first.unsubscribe();
    const second = all(storeBlocks(from(blockEvents(1)), options(store)));
    await tick();
    expect(log.at(-1)).toBe('rollback');
    rolledBack();
    expect(await second).toHaveLength(1);
  });

  test('S8 from inside a subscriber: the release waits for its work, no other subscriber is called, and its rejection is ignored', async () => {
    for (const onFailure of ['stop', 'continue'] as const) {
      const log: string[] = [];
      let end = (): void => undefined;
      const subscription = new Subscription();
      const leaving: Subscriber = {
        types: ['Row'],
        next: () => {
          subscription.unsubscribe();
          return new Promise((_, reject) => {
            end = () => {
              log.push('end of the work');
              reject(new Error('cut off'));
            };
          });
        },
        flush: () => void log.push('flush'),
      };
      const other: Subscriber = { types: ['Row'], next: () => void log.push('other') };
      const store = loggedStore(memoryBlockStore(), operation => operation === 'rollback' && log.push(operation));
      subscription.add(
        storeBlocks(endless(blockEvents(1)), {
          ...options(store, { subscribers: [leaving, other] }),
          onFailure,
        }).subscribe(),
      );
      await tick();
      await tick();
      end();
      await tick();
      expect(log).toEqual(['end of the work', 'rollback']);
    }
  });

  test('S8 while a subscriber works: no flush begins after it', async () => {
    const log: string[] = [];
    let end = (): void => undefined;
    const slow: Subscriber = {
      types: ['End'],
      next: () => new Promise<void>(resolve => (end = resolve)),
      flush: () => {
        log.push('flush');
        return Promise.reject(new Error('called after it was left'));
      },
    };
    const subscription = storeBlocks(endless(blockEvents(1)), {
      ...options(
        loggedStore(memoryBlockStore(), operation => log.push(operation)),
        { subscribers: [slow] },
      ),
    }).subscribe();
    await tick();
    subscription.unsubscribe();
    end();
    await tick();
    expect(log).toEqual(['progress', 'begin', 'add 1', 'rollback']);
  });

  test('S8 from inside a synchronous subscriber: no other subscriber is called', async () => {
    for (const onFailure of ['stop', 'continue'] as const) {
      const log: string[] = [];
      const subscription = new Subscription();
      const leaving: Subscriber = {
        types: ['Row'],
        next: () => {
          subscription.unsubscribe();
        },
      };
      const other: Subscriber = { types: ['Row'], next: () => void log.push('other') };
      const store = loggedStore(memoryBlockStore(), operation => operation === 'rollback' && log.push(operation));
      const settings = { ...options(store, { subscribers: [leaving, other] }), onFailure };
      subscription.add(storeBlocks(endless(blockEvents(1)), settings).subscribe());
      await tick();
      await tick();
      expect(log).toEqual(['rollback']);
    }
  });

  test('S8 L1 work whose teardown throws: the store is released, and the error is reported', async () => {
    const seen: Notice[] = [];
    const store = memoryBlockStore();
    const never = new Observable<never>(() => fail);
    const first = storeBlocks(endless(blockEvents(1)), {
      ...options(store, { subscribers: [{ types: ['Row'], next: () => never }] }),
      notices: { next: notice => seen.push(notice) },
    }).subscribe();
    await tick();
    first.unsubscribe();
    expect(await all(storeBlocks(from(blockEvents(1)), options(store)))).toHaveLength(1);
    expect(seen.map(({ type }) => type)).toEqual(['Dropped', 'Closed', 'Failed', 'Released']);
  });

  test('S2 synchronous work whose teardown throws is done', async () => {
    const seen: Notice[] = [];
    const done = new Observable<never>(subscriber => {
      subscriber.complete();
      return fail;
    });
    const store = memoryBlockStore();
    const blocks = await all(
      storeBlocks(from(blockEvents(1)), {
        ...options(store, { subscribers: [{ types: ['Row'], next: () => done }, rows] }),
        notices: { next: notice => seen.push(notice) },
      }),
    );
    expect(blocks).toHaveLength(1);
    expect(seen.filter(({ type }) => type === 'Failed')).toHaveLength(1);
    expect(stored(store)).toEqual(rowsOf(blockEvents(1)));
  });
});

describe('user code', () => {
  test('L1 an observer of notices that throws affects nothing else', async () => {
    const store = memoryBlockStore();
    const hostile = { notices: { next: fail }, onFailure: 'continue' as const };
    const subscribers: Subscriber[] = [rows, { types: ['Row'], next: fail }];
    await written(async () => {
      await all(storeBlocks(from(chainOf([{}]).slice(0, -1)), { ...options(store, { subscribers }), ...hostile }));
      await all(storeBlocks(from(chainOf([{}])), { ...options(store, { subscribers }), ...hostile }));
    });
    expect(stored(store)).toEqual(rowsOf(chainOf([{}])));
  });

  test('S2 a beginBlock that is asynchronous is waited for; one that is rejected fails like one that throws', async () => {
    const log: string[] = [];
    const late = async (): Promise<void> => {
      await tick();
      log.push('beginBlock');
    };
    const store = memoryBlockStore();
    const logged = loggedStore(store, operation => log.push(operation));
    await all(storeBlocks(from(blockEvents(1)), options(logged, { subscribers: [{ ...rows, beginBlock: late }] })));
    expect(log).toEqual(['progress', 'beginBlock', 'begin', 'add 1', 'commit']);

    const rejected: Subscriber = {
      ...rows,
      beginBlock: () => Promise.reject(new Error('no')),
    };
    const run = (onFailure: 'stop' | 'continue') =>
      storeBlocks(from(blockEvents(2)), {
        ...options(store, { subscribers: [rejected] }),
        onFailure,
        notices: { next: notice => log.push(notice.type) },
      });
    expect(await errorOf(run('stop'))).toMatchObject({ operation: 'beginBlock', height: 2, event: { type: 'Begin' } });
    expect(await all(run('continue'))).toHaveLength(1);
    expect(log).toContain('Failed');
  });

  test.each([
    [
      'a getter',
      Object.defineProperty({}, 'then', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
    [
      'a call',
      {
        then: () => {
          throw new Error('no');
        },
      },
    ],
  ])('S7 a thenable whose then throws, as %s, is a failure of its subscriber', async (_how, thenable) => {
    for (const operation of ['next', 'flush'] as const) {
      const bad: Subscriber = {
        name: 'bad',
        types: ['Row'],
        next: () => undefined,
        [operation]: () => thenable as never,
      };
      const run = (onFailure: 'stop' | 'continue', seen: Notice[] = []) =>
        storeBlocks(from(blockEvents(1)), {
          ...options(memoryBlockStore(), { subscribers: [bad, rows] }),
          onFailure,
          notices: { next: notice => seen.push(notice) },
        });
      expect(await errorOf(run('stop'))).toMatchObject({ operation, subscriber: 'bad', cause: { message: 'no' } });
      const seen: Notice[] = [];
      expect(await all(run('continue', seen))).toHaveLength(1);
      expect(seen.filter(({ type }) => type === 'Failed')).toHaveLength(1);
    }
  });

  test('S7 parts that throw: both errors are announced, and the block continues', async () => {
    const seen: Notice[] = [];
    const bad: Subscriber = { ...rows, flush: () => Promise.reject(new Error('flush')), parts: fail };
    const blocks$ = storeBlocks(from(blockEvents(1)), {
      ...options(memoryBlockStore(), { subscribers: [bad] }),
      onFailure: 'continue',
      notices: { next: notice => seen.push(notice) },
    });
    expect(await all(blocks$)).toHaveLength(1);
    expect(seen.flatMap(notice => (notice.type === 'Failed' ? [(notice.error as Error).message] : []))).toEqual([
      'no',
      'flush',
    ]);
  });

  test('S12a the store decides which failures are about the data: any other fails the block, whole or in parts', async () => {
    const bad = new Error('bad row');
    const away = new Error('away');
    const store = memoryBlockStore();
    const judging: BlockStore<MemoryTx> = { ...store, isBadRow: error => error === bad };
    const run = (flush: Error, part: Error, source = from(blockEvents(1)), judge = judging) =>
      storeBlocks(source, {
        ...options(judge, {
          subscribers: [
            {
              ...rows,
              flush: () => Promise.reject(flush),
              parts: () => [{ events: [], write: () => Promise.reject(part) }],
            },
          ],
        }),
        onFailure: 'continue',
        notices: { next: () => undefined },
      });
    expect(await errorOf(run(away, bad))).toMatchObject({ operation: 'flush', cause: away });
    expect(await errorOf(run(bad, away))).toMatchObject({ operation: 'flush', cause: away });
    const throwing = { ...judging, isBadRow: fail };
    expect(await errorOf(run(bad, bad, of(...blockEvents(1)), throwing))).toMatchObject({ cause: bad });
    expect(await store.progress()).toBeUndefined();
    expect(await all(run(bad, bad))).toHaveLength(1);
  });

  test('S12e a next that throws before it wrote anything is skipped, whatever the store says', async () => {
    const store: BlockStore<MemoryTx> = { ...memoryBlockStore(), isBadRow: () => false };
    const subscribers: Subscriber[] = [{ types: ['Row'], next: fail }];
    const blocks$ = storeBlocks(from(blockEvents(1)), {
      ...options(store, { subscribers }),
      onFailure: 'continue',
      notices: { next: () => undefined },
    });
    expect(await all(blocks$)).toHaveLength(1);
  });

  test('S7 a store whose attempt ends without its work fails the block, and does not hang', async () => {
    const store: BlockStore<MemoryTx> = { ...memoryBlockStore(), attempt: () => Promise.resolve() };
    const blocks$ = storeBlocks(from(blockEvents(1)), { ...options(store), onFailure: 'continue' });
    expect(await errorOf(blocks$)).toMatchObject({ operation: 'savepoint' });
  });

  test('S1 an invalid progress is an error: heights as text would be concatenated', async () => {
    const progress = { firstHeight: '1', height: '5', hashes: ['a'] } as never;
    const store: BlockStore<MemoryTx> = { ...memoryBlockStore(), progress: () => Promise.resolve(progress) };
    expect(await errorOf(storeBlocks(NEVER, options(store)))).toMatchObject({
      operation: 'progress',
      message: expect.stringContaining('whole numbers, and hashes, found {"firstHeight":"1"'),
    });
  });

  test('S7 a store that throws instead of rejecting', async () => {
    for (const operation of ['progress', 'begin', 'add', 'commit', 'attempt', 'refreshViews'] as const) {
      const store = { ...memoryBlockStore(), [operation]: fail } as BlockStore<MemoryTx>;
      const blocks$ = storeBlocks(from(blockEvents(1, { epoch: true })), { ...options(store), onFailure: 'continue' });
      expect(await errorOf(blocks$)).toMatchObject({
        operation: operation === 'attempt' ? 'savepoint' : operation,
        cause: { message: 'no' },
      });
    }
  });

  test('S7b the end-block is named if a commit or a flush fails', async () => {
    for (const operation of ['commit', 'flush'] as const) {
      const store = {
        ...memoryBlockStore(),
        ...(operation === 'commit' ? { commit: fail } : {}),
      } as BlockStore<MemoryTx>;
      const subscriber = { ...rows, ...(operation === 'flush' ? { flush: fail } : {}) };
      const error = await errorOf(storeBlocks(from(blockEvents(1)), options(store, { subscribers: [subscriber] })));
      expect(error).toMatchObject({ operation, event: { type: 'End' } });
      expect(error.message).toContain(`block 1: ${operation} failed on End`);
    }
  });

  test('L1 two copies of the library take turns at one store', async () => {
    let copy: typeof storeBlocks | undefined;
    jest.isolateModules(() => {
      copy = jest.requireActual<{ storeBlocks: typeof storeBlocks }>('../../lib/store/storeBlocks.js').storeBlocks;
    });
    expect(copy).not.toBe(storeBlocks);
    const store = memoryBlockStore();
    const slow: Subscriber = { ...rows, next: (event, tx) => tick().then(() => writeRow(event, tx)) };
    const settings = options(store, { subscribers: [slow] });
    const chain = chainOf([{}, {}]);
    const heights = await Promise.all([all(storeBlocks(from(chain), settings)), all(copy!(from(chain), settings))]);
    expect(heights.map(({ length }) => length)).toEqual([3, 0]);
    expect(stored(store)).toEqual(rowsOf(chain));
  });
});
