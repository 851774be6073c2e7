import { describe, expect, test } from '@jest/globals';
import { asyncScheduler, from, Observable, Subject, tap, timer, type SchedulerLike } from 'rxjs';
import { All } from '../../lib/event/All.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { memoryBlockStore, type MemoryTx } from '../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, chainOf, hashOf, timeOf, upgradeStarted, type ChainEvent } from './chainOf.js';
import { loggedStore } from './loggedStore.js';
import { all, options, rows, type Subscriber } from './runBlocks.js';

describe('a block', () => {
  test('S2a S2c S2e S2f S3a S3c S5a its life: time, begin, add, events in order, flush, commit, refresh, the block', async () => {
    const log: string[] = [];
    const memory = memoryBlockStore();
    const say = (who: string): Subscriber => ({
      types: [All],
      beginBlock: time => log.push(`${who} time ${String(time)}`),
      next: event => void log.push(`${who} ${event.type} ${event.sequence}`),
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
      ).pipe(tap(block => log.push(`block ${block.height}`))),
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

  test('S2e the next event waits for asynchronous work, in Promises and Observables alike', async () => {
    const log: string[] = [];
    const slow: Subscriber = {
      types: ['Row'],
      next: ({ value }) => {
        log.push(`begin ${value}`);
        const end = (): void => void log.push(`end ${value}`);
        return value % 2 === 0 ? Promise.resolve().then(end) : timer(0).pipe(tap(end));
      },
      flush: () => Promise.resolve().then(() => log.push('flush')),
    };
    await all(storeBlocks(from(blockEvents(1, { rows: 3 })), options(memoryBlockStore(), { subscribers: [slow] })));
    expect(log).toEqual(['begin 1000', 'end 1000', 'begin 1001', 'end 1001', 'begin 1002', 'end 1002', 'flush']);
  });

  test('S3b views are refreshed after the commit of blocks with an epoch update, and of no others', async () => {
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

  test('S6b the upgrade handler is waited for, then the stream completes and leaves its source', async () => {
    const log: string[] = [];
    let left = false;
    const source$ = new Observable<ChainEvent>(subscriber => {
      from([...chainOf([{}, {}]), upgradeStarted(2), ...blockEvents(3)]).subscribe(event => subscriber.next(event));
      return () => (left = true);
    });
    const blocks = await all(
      storeBlocks(source$, {
        ...options(memoryBlockStore()),
        onUpgrade: (chainId, height) => timer(0).pipe(tap(() => log.push(`${chainId} ${height}`))),
      }),
    );
    expect(log).toEqual([`${CHAIN_ID} 2`]);
    expect(blocks.map(block => block.height)).toEqual([1, 1, 2]);
    expect(left).toBe(true);
  });

  test('S9 a block slower than 2 s is reported, a faster one is not', async () => {
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

  test('B12 a pausable source is paused while a block is being stored', async () => {
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
