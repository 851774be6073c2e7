import { expect, test } from '@jest/globals';
import { concat, from, NEVER, VirtualTimeScheduler } from 'rxjs';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { memoryBlockStore } from '../../lib/store/memoryBlockStore.js';
import { storeBlocks } from '../../lib/store/storeBlocks.js';
import { blockEvents, CHAIN_ID, type ChainEvent } from './chainOf.js';
import { loggedStore } from './loggedStore.js';
import { options, rows } from './runBlocks.js';

const tick = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Lets the scheduler's clock go on to `frame`. */
const passTo = (scheduler: VirtualTimeScheduler, frame: number): void => {
  scheduler.maxFrames = frame;
  scheduler.flush();
  scheduler.frame = frame;
};

const opened = (events: readonly ChainEvent[], flushed: Promise<void> = Promise.resolve()) => {
  const scheduler = new VirtualTimeScheduler();
  const seen: Notice[] = [];
  const subscription = storeBlocks(concat(from(events), NEVER), {
    ...options(memoryBlockStore(), { subscribers: [{ ...rows, flush: () => flushed }] }),
    scheduler,
    notices: { next: notice => seen.push(notice) },
  }).subscribe();
  const slow = () => seen.filter(({ type }) => type === 'SlowBlock');
  return { scheduler, subscription, seen, slow };
};

test('S9a a block that stays open for over 2 s is announced while it is open, once', async () => {
  const { scheduler, subscription, slow } = opened(
    blockEvents(7)
      .slice(0, 2)
      .map(event => ({ ...event, height: 1 })),
  );
  await tick();
  passTo(scheduler, 2000);
  expect(slow()).toEqual([]);
  passTo(scheduler, 2001);
  expect(slow()).toEqual([{ type: 'SlowBlock', height: 1, ms: 2001 }]);
  passTo(scheduler, 60_000);
  expect(slow()).toHaveLength(1);
  subscription.unsubscribe();
});

test.each([
  ['progress', 'its progress'],
  ['rollback', 'its release'],
] as const)('S9c a client that never answers %s is told once, after 2 s', async (method, words) => {
  const scheduler = new VirtualTimeScheduler();
  const seen: Notice[] = [];
  const store = { ...memoryBlockStore(), [method]: () => new Promise<never>(() => undefined) };
  const subscription = storeBlocks(concat(from(blockEvents(1).slice(0, 2)), NEVER), {
    ...options(store),
    scheduler,
    notices: { next: notice => seen.push(notice) },
  }).subscribe();
  await tick();
  if (method === 'rollback') subscription.unsubscribe();
  await tick();
  const waits = () => seen.filter(({ type }) => type === 'Waiting');
  passTo(scheduler, 2000);
  expect(waits()).toEqual([]);
  passTo(scheduler, 60_000);
  expect(waits()).toEqual([{ type: 'Waiting', what: `block store of ${CHAIN_ID}: ${words} takes more than 2 s` }]);
  subscription.unsubscribe();
});

test('S9c a beginBlock that never ends is announced once, after 2 s, and leaves no timer', async () => {
  const scheduler = new VirtualTimeScheduler();
  const seen: Notice[] = [];
  const subscription = storeBlocks(concat(from(blockEvents(1).slice(0, 2)), NEVER), {
    ...options(memoryBlockStore(), { subscribers: [{ ...rows, beginBlock: () => NEVER }] }),
    scheduler,
    notices: { next: notice => seen.push(notice) },
  }).subscribe();
  const waits = () => seen.filter(({ type }) => type === 'Waiting');
  await tick();
  passTo(scheduler, 2000);
  expect(waits()).toEqual([]);
  passTo(scheduler, 60_000);
  expect(waits()).toEqual([{ type: 'Waiting', what: `block store of ${CHAIN_ID}: beginBlock takes more than 2 s` }]);
  subscription.unsubscribe();
  await tick();
  expect(seen.at(-1)).toMatchObject({ type: 'Released' });
  expect(scheduler.actions).toEqual([]);
});

test('S9c a store that answers in time is not announced', async () => {
  const { scheduler, subscription, seen } = opened([]);
  await tick();
  passTo(scheduler, 60_000);
  subscription.unsubscribe();
  await tick();
  passTo(scheduler, 120_000);
  expect(seen.map(({ type }) => type)).toEqual(['Closed', 'Released']);
});

test('S9b so is a block whose flush hangs, and again with its total time once it is stored', async () => {
  let flushed = (): void => undefined;
  const { scheduler, subscription, slow } = opened(blockEvents(1), new Promise(resolve => (flushed = resolve)));
  await tick();
  passTo(scheduler, 7000);
  flushed();
  await tick();
  expect(slow()).toEqual([
    { type: 'SlowBlock', height: 1, ms: 2001 },
    { type: 'SlowBlock', height: 1, ms: 7000 },
  ]);
  subscription.unsubscribe();
});

test('S9 B14 no timer is left by a block that is stored, nor by one that is given up', async () => {
  for (const events of [blockEvents(1), blockEvents(1).slice(0, 2)]) {
    const { scheduler, subscription, seen, slow } = opened(events);
    await tick();
    subscription.unsubscribe();
    await tick();
    expect(seen.at(-1)).toMatchObject({ type: 'Released' });
    passTo(scheduler, 60_000);
    expect(slow()).toEqual([]);
    expect(scheduler.actions).toEqual([]);
  }
});

test('S9 a begin of the store that hangs is announced too', async () => {
  const scheduler = new VirtualTimeScheduler();
  const seen: Notice[] = [];
  const hanging = loggedStore(
    memoryBlockStore(),
    () => undefined,
    operation => (operation === 'begin' ? new Promise(() => undefined) : undefined),
  );
  storeBlocks(from(blockEvents(1)), {
    ...options(hanging),
    scheduler,
    notices: { next: n => seen.push(n) },
  }).subscribe();
  await tick();
  passTo(scheduler, 2001);
  expect(seen).toContainEqual({ type: 'SlowBlock', height: 1, ms: 2001 });
});
