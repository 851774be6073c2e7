import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  asyncScheduler,
  concat,
  defer,
  EMPTY,
  from,
  ignoreElements,
  lastValueFrom,
  map,
  NEVER,
  Observable,
  retry,
  Subject,
  take,
  tap,
  throwError,
  timer,
  toArray,
  type SchedulerLike,
} from 'rxjs';
import { All } from '../../lib/event/All.js';
import type { Notice } from '../../lib/flow/Notice.js';
import type { BlockFailedError } from '../../lib/store/BlockFailedError.js';
import type { BlockStore } from '../../lib/store/BlockStore.js';
import type { BlockSubscriber } from '../../lib/store/BlockSubscriber.js';
import { memoryBlockStore, type MemoryBlockStore, type MemoryTx } from '../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, chainOf, hashOf, timeOf, upgradeStarted, type ChainEvent } from './chainOf.js';
import { loggedStore } from './loggedStore.js';

type Types = ChainEvent['type'] | All;
type Subscriber = BlockSubscriber<ChainEvent, Types, MemoryTx>;
type Options = Parameters<typeof storeBlocks<ChainEvent, MemoryTx, readonly Types[]>>[1];

/** Counts every row that is written, so that a second time shows. */
const writeRow = ({ value }: ChainEvent, tx: MemoryTx): Promise<void> =>
  tx.put('rows', String(value), Number(tx.get('rows', String(value)) ?? 0) + 1);
const rows: Subscriber = { name: 'rows', types: ['Row'], next: writeRow };

const options = (store: BlockStore<MemoryTx>, more: Partial<Options> = {}): Options => ({
  chainId: CHAIN_ID,
  store,
  blockMark: event => event,
  subscribers: [rows],
  ...more,
});

const stored = (store: MemoryBlockStore) => [...store.rows('rows')].sort(([a], [b]) => Number(a) - Number(b));
const rowsOf = (events: readonly ChainEvent[]) =>
  events
    .flatMap(event => (event.type === 'Row' ? [event.value] : []))
    .sort((a, b) => a - b)
    .map(value => [String(value), 1]);

const all = <T>(stream$: Observable<T>): Promise<T[]> => lastValueFrom(stream$.pipe(toArray()), { defaultValue: [] });
const errorOf = async (stream$: Observable<unknown>): Promise<BlockFailedError> => {
  try {
    await all(stream$);
  } catch (error) {
    return error as BlockFailedError;
  }
  throw new Error('expected an error, found completion');
};
/** The stream, then nothing: it neither completes nor errors. */
const endless = (events: readonly ChainEvent[]) => concat(from(events), NEVER);

describe('a block', () => {
  test('S2 S3 its life: time, begin, add, events in order, flush, commit, refresh, the block', async () => {
    const log: string[] = [];
    const memory = memoryBlockStore();
    const say = (who: string): Subscriber => ({
      types: [All],
      beginBlock: time => log.push(`${who} time ${String(time)}`),
      next: event => void log.push(`${who} ${event.type} ${String(event.sequence)}`),
      flush: () => void log.push(`${who} flush`),
    });
    const blocks = await all(
      storeBlocks(
        from(blockEvents(1, { epoch: true, snapshot: 'inside' })),
        options(
          loggedStore(memory, operation => log.push(operation)),
          {
            subscribers: [say('a'), say('b'), { ...say('c'), types: ['Row', 'End'] }],
          },
        ),
      ).pipe(tap(block => log.push(`block ${String(block.height)}`))),
    );
    const time = String((timeOf(1) / 1000n) * 1000n);
    expect(log).toEqual([
      'progress',
      ...['a', 'b', 'c'].map(who => `${who} time ${time}`),
      'begin',
      'add 1',
      ...['a Begin 1', 'b Begin 1'],
      ...['a Row 2', 'b Row 2', 'c Row 2'],
      ...['a Epoch 3', 'b Epoch 3'],
      ...['a Snapshot 4', 'b Snapshot 4'],
      ...['a End 5', 'b End 5', 'c End 5'],
      ...['a flush', 'b flush', 'c flush'],
      'commit',
      'refreshViews',
      'block 1',
    ]);
    expect(blocks).toEqual([
      { chainId: CHAIN_ID, height: 1, hash: hashOf(1).toLowerCase(), time: BigInt(time), snapshotTaken: true },
    ]);
  });

  test('S2 asynchronous work is waited for: the next event comes after it, in Promises and Observables alike', async () => {
    const log: string[] = [];
    const slow: Subscriber = {
      types: ['Row'],
      next: ({ value }) => {
        log.push(`begin ${String(value)}`);
        const end = (): void => void log.push(`end ${String(value)}`);
        return value % 2 === 0 ? Promise.resolve().then(end) : timer(0).pipe(tap(end));
      },
      flush: () => Promise.resolve().then(() => log.push('flush')),
    };
    await all(storeBlocks(from(blockEvents(1, { rows: 3 })), options(memoryBlockStore(), { subscribers: [slow] })));
    expect(log).toEqual(['begin 1000', 'end 1000', 'begin 1001', 'end 1001', 'begin 1002', 'end 1002', 'flush']);
  });

  test('S3 views are refreshed after the commit of blocks with an epoch update, and of no others', async () => {
    const log: string[] = [];
    const store = loggedStore(memoryBlockStore(), operation => log.push(operation));
    await all(storeBlocks(from(chainOf([{}, { epoch: true }, {}])), options(store)));
    expect(log.filter(entry => ['commit', 'refreshViews'].includes(entry))).toEqual([
      'commit',
      'commit',
      'commit',
      'refreshViews',
      'commit',
    ]);
  });

  test('S6 the upgrade handler is waited for, then the stream completes and leaves its source', async () => {
    const log: string[] = [];
    let left = false;
    const source$ = new Observable<ChainEvent>(subscriber => {
      from([...chainOf([{}, {}]), upgradeStarted(2), ...blockEvents(3)]).subscribe(event => subscriber.next(event));
      return () => (left = true);
    });
    const blocks = await all(
      storeBlocks(source$, {
        ...options(memoryBlockStore()),
        onUpgrade: (chainId, height) => timer(0).pipe(tap(() => log.push(`${chainId} ${String(height)}`))),
      }),
    );
    expect(log).toEqual([`${CHAIN_ID} 2`]);
    expect(blocks.map(block => block.height)).toEqual([1, 1, 2]);
    expect(left).toBe(true);
  });

  test('S9 a block slower than 2 s is announced, one that is not is not', async () => {
    let now = 0;
    const clock: SchedulerLike = { now: () => now, schedule: asyncScheduler.schedule.bind(asyncScheduler) };
    const notices = new Subject<Notice>();
    const seen: Notice[] = [];
    notices.subscribe(notice => seen.push(notice));
    const took = [2000, 2001, 0];
    await all(
      storeBlocks(from(chainOf([{}, {}])), {
        ...options(memoryBlockStore(), { subscribers: [{ ...rows, flush: () => void (now += took.shift() ?? 0) }] }),
        scheduler: clock,
        notices,
      }),
    );
    expect(seen.filter(({ type }) => type === 'SlowBlock')).toEqual([{ type: 'SlowBlock', height: 1, ms: 2001 }]);
  });

  test('B12 a source with a brake is paused while a block is being stored', async () => {
    const levels: boolean[] = [];
    let let1Go = (): void => undefined;
    const gate = new Promise<void>(resolve => (let1Go = resolve));
    const events = new Subject<ChainEvent>();
    const store = loggedStore(
      memoryBlockStore(),
      () => undefined,
      operation => (operation === 'begin' ? gate : undefined),
    );
    const done = all(
      storeBlocks<ChainEvent, MemoryTx, readonly ['Row']>(
        pause$ => {
          pause$.subscribe(level => levels.push(level));
          return events;
        },
        options(store) as never,
      ),
    );
    for (const event of blockEvents(1, { rows: 1021 })) events.next(event);
    expect(levels).toEqual([false]);
    events.next(blockEvents(9)[0]!); // the 1024th: it is wrong, and not looked at yet
    expect(levels).toEqual([false, true]);
    let1Go();
    await expect(done).rejects.toMatchObject({ name: 'BlockOrderError' });
  });
});

describe('exactly once', () => {
  test('S1 S8 S11 whatever was stored when the stream broke, a second run stores the rest, once', async () => {
    const chain = chainOf([{ rows: 2 }, { rows: 0, epoch: true }, { rows: 3, snapshot: 'after' }, { rows: 1 }]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(chain.length), { maxLength: 4 }), async cuts => {
        const store = memoryBlockStore();
        const emitted: string[] = [];
        for (const cut of [...cuts, chain.length]) {
          await all(
            storeBlocks(from(chain).pipe(take(cut)), options(store)).pipe(tap(({ hash }) => emitted.push(hash))),
          );
        }
        expect(stored(store)).toEqual(rowsOf(chain));
        expect(emitted).toEqual(
          [hashOf(1, true), 1, 2, 3, 4].map(h => (typeof h === 'number' ? hashOf(h) : h).toLowerCase()),
        );
      }),
    );
  });

  test('S7 whatever operation fails, the error says so, nothing of the block is kept, and retry goes on', async () => {
    const chain = chainOf([{ rows: 2 }, { epoch: true }, {}]);
    const count = { operations: 0 };
    await all(storeBlocks(from(chain), options(loggedStore(memoryBlockStore(), () => ++count.operations))));
    for (let fails = 1; fails <= count.operations; fails++) {
      const store = memoryBlockStore();
      let n = 0;
      let failed = '';
      const failing = loggedStore(
        store,
        () => undefined,
        operation => {
          if (++n !== fails) return undefined;
          failed = operation;
          return Promise.reject(new Error('the disk is on fire'));
        },
      );
      const stream$ = storeBlocks(from(chain), options(failing));
      const error = await errorOf(stream$);
      expect(error).toMatchObject({ name: 'BlockFailedError', cause: { message: 'the disk is on fire' } });
      expect(error.message).toContain(`${failed.split(' ')[0] ?? ''} failed: the disk is on fire`);
      const progress = await store.progress();
      const kept = chain.filter(
        ({ height, hash }) =>
          progress !== undefined &&
          height <= progress.height &&
          (height > 1 || progress.hashes.includes(hash.toLowerCase())),
      );
      expect(stored(store)).toEqual(rowsOf(kept));
      await all(stream$);
      expect(stored(store)).toEqual(rowsOf(chain));
    }
    expect(count.operations).toBe(1 + 4 * 3 + 1);
  });

  test('S7 what a subscriber fails with is in the error, with the event and the subscriber', async () => {
    const failOn: Subscriber = {
      name: 'ledger',
      types: ['Row'],
      next: ({ value }) => (value === 2000 ? Promise.reject(new Error('no such account')) : undefined),
    };
    const store = memoryBlockStore();
    const error = await errorOf(storeBlocks(from(chainOf([{}, {}])), options(store, { subscribers: [rows, failOn] })));
    expect(error).toMatchObject({
      name: 'BlockFailedError',
      operation: 'next',
      height: 2,
      subscriber: 'ledger',
      event: { type: 'Row', value: 2000 },
    });
    expect(error.message).toBe(
      'block 2: next failed on Row in subscriber "ledger": no such account (docs/errors.md#blockfailederror)',
    );
    expect(await store.progress()).toMatchObject({ height: 1 });
    expect(stored(store)).toEqual(rowsOf(chainOf([{}])));
  });

  test.each([
    ['beginBlock', { beginBlock: fail }],
    ['next', { next: fail }],
    ['flush', { flush: fail }],
    ['flush', { flush: () => throwError(() => new Error('no')) }],
  ] as const)('S7 a %s that fails', async (operation, broken) => {
    const store = memoryBlockStore();
    const error = await errorOf(
      storeBlocks(from(chainOf([{}])), options(store, { subscribers: [{ ...rows, ...broken }] })),
    );
    expect(error).toMatchObject({ name: 'BlockFailedError', operation, height: 1, subscriber: 'rows' });
    expect(await store.progress()).toBeUndefined();
  });

  test('S6 S7 an upgrade handler that fails', async () => {
    const source$ = from([...chainOf([{}]), upgradeStarted(1)]);
    const error = await errorOf(storeBlocks(source$, { ...options(memoryBlockStore()), onUpgrade: fail }));
    expect(error).toMatchObject({ name: 'BlockFailedError', operation: 'onUpgrade', height: 1 });
  });

  test('S7 the error of the source, and one of blockMark, are given as they are', async () => {
    const broken$ = concat(
      from(blockEvents(1).slice(0, 2)),
      throwError(() => new Error('cable cut')),
    );
    const store = memoryBlockStore();
    expect(await errorOf(storeBlocks(broken$, options(store)))).toMatchObject({ message: 'cable cut' });
    expect(await errorOf(storeBlocks(from(chainOf([{}])), { ...options(store), blockMark: fail }))).toMatchObject({
      message: 'no',
    });
    expect(await store.progress()).toBeUndefined();
  });

  test('S10 an event of another chain is refused, in a block or before it', async () => {
    const foreign = chainOf([{}]).map(event => ({ ...event, chainId: 'chain-2' }));
    expect(await errorOf(storeBlocks(from(foreign), options(memoryBlockStore())))).toMatchObject({
      name: 'ChainIdError',
      expected: CHAIN_ID,
      found: 'chain-2',
    });
    const late = [...blockEvents(1).slice(0, 2), ...foreign];
    const store = memoryBlockStore();
    expect(await errorOf(storeBlocks(from(late), options(store)))).toMatchObject({ name: 'ChainIdError' });
    expect(await store.progress()).toBeUndefined();
  });

  test('S1 S4 a wrong order is refused', async () => {
    const store = memoryBlockStore();
    const source$ = from([...chainOf([{}]), ...blockEvents(3)]);
    expect(await errorOf(storeBlocks(source$, options(store)))).toMatchObject({
      name: 'BlockOrderError',
      height: 3,
      lastHeight: 1,
    });
    expect(await store.progress()).toMatchObject({ height: 1 });
  });

  test('S1 the first height', async () => {
    const blocks = storeBlocks(from(blockEvents(40)), { ...options(memoryBlockStore()), firstHeight: 40 });
    expect(await all(blocks)).toHaveLength(1);
    expect(() => storeBlocks(EMPTY, { ...options(memoryBlockStore()), firstHeight: -1 })).toThrow(/firstHeight/);
  });
});

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

  test('S7 a flush that fails is tried again in parts, those that fail are announced', async () => {
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

  test('S7 a beginBlock or a flush without parts that fails is announced, the block goes on', async () => {
    const { stream$, failures } = watched({
      subscribers: [{ name: 'bad', types: ['Row'], next: () => undefined, beginBlock: fail, flush: fail }],
    });
    expect(await all(stream$)).toHaveLength(3);
    expect(failures()).toHaveLength(6);
  });

  test('S7 subscribers that only collect cost one savepoint a block', async () => {
    const { stream$, log } = watched({
      subscribers: [{ types: ['Row'], next: () => undefined, flush: () => Promise.resolve() }],
    });
    await all(stream$);
    expect(log.filter(entry => entry === 'attempt')).toHaveLength(3);
  });

  test.each(['attempt', 'commit', 'add 1', 'begin'])('S7 the store itself may not fail: %s', async failing => {
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

  test('S7 a savepoint that cannot be undone fails the block', async () => {
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
      }),
    );
    expect(error).toMatchObject({ operation: 'savepoint', cause: lost });
    expect(await store.progress()).toBeUndefined();
  });

  test('B10 failures that nobody observes are written once a subscriber', async () => {
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

describe('release', () => {
  const tick = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

  test('S8 L1 unsubscribing lets the operation in flight finish, then rolls back; a second subscription waits', async () => {
    const chain = chainOf([{ rows: 1, epoch: true }]);
    const operations = ['progress', 'begin', 'add 1', 'commit', 'refreshViews', 'next'];
    for (const held of operations) {
      const log: string[] = [];
      const store = memoryBlockStore();
      let letGo = (): void => undefined;
      const gate = new Promise<void>(resolve => (letGo = resolve));
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
      letGo();
      await second;
      expect(log.slice(log.indexOf('Waiting') + 1, log.indexOf('progress', log.indexOf('Waiting')))).toEqual(
        held === 'add 1' || held === 'next' || held === 'begin' ? ['rollback', 'Released'] : ['Released'],
      );
      expect(stored(store)).toEqual(rowsOf(chain));
    }
  });

  test('L1 two subscriptions at once write one after the other, and each block once', async () => {
    const chain = chainOf([{}, {}, {}]);
    const store = memoryBlockStore();
    const one = storeBlocks(from(chain), options(store));
    const two = storeBlocks(from(chain), options(store));
    const heights = await Promise.all([all(one.pipe(map(b => b.height))), all(two.pipe(map(b => b.height)))]);
    expect(heights).toEqual([[1, 1, 2, 3], []]);
    expect(stored(store)).toEqual(rowsOf(chain));
  });

  test('L1 one that leaves while it waits lets the next wait for the one before it', async () => {
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

  test('L1 retry does not meet its own open transaction', async () => {
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

  test('S8 a source that completes in a block: rolled back, announced, completed', async () => {
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

  test('a store that is not there is told though no event comes', async () => {
    const away: BlockStore<MemoryTx> = {
      ...memoryBlockStore(),
      progress: () => Promise.reject(new Error('connect ECONNREFUSED')),
    };
    expect((await errorOf(storeBlocks(NEVER, options(away)))).message).toBe(
      'block store: progress failed: connect ECONNREFUSED (docs/errors.md#blockfailederror)',
    );
  });

  test('an empty source completes', async () => {
    expect(await all(storeBlocks(EMPTY, options(memoryBlockStore())))).toEqual([]);
    await lastValueFrom(defer(() => storeBlocks(EMPTY, options(memoryBlockStore()))).pipe(ignoreElements()), {
      defaultValue: undefined,
    });
  });
});

function fail(): never {
  throw new Error('no');
}
