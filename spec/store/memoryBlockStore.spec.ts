import { describe, expect, test } from '@jest/globals';
import { memoryBlockStore, type MemoryBlockStore, type MemoryTx } from '../../lib/store/memoryBlockStore.js';
import { storeContract } from '../../lib/testing/storeContract.js';
import type { StoreUnderTest } from '../../lib/testing/StoreUnderTest.js';

const underTest = (store: MemoryBlockStore, count = { puts: 0 }): StoreUnderTest<MemoryTx> => ({
  store,
  put: (tx, value) => tx.put('values', String(++count.puts), value),
  values: async () => [...store.rows('values').values()] as number[],
  reopen: async () => underTest(store, count),
  close: async () => undefined,
});

describe('the contract', () => {
  storeContract({
    test,
    open: async () => underTest(memoryBlockStore()),
    position: store => (store as MemoryBlockStore).position,
  });
});

test('S2 a write is visible in its block immediately, and elsewhere after the commit', async () => {
  const store = memoryBlockStore();
  const tx = await store.begin();
  await tx.put('t', 'a', 1);
  await tx.put('t', 'b', 2);
  await tx.delete('t', 'b');
  expect([tx.get('t', 'a'), tx.get('t', 'b'), store.rows('t').size]).toEqual([1, undefined, 0]);
  await store.commit(tx, 0);
  expect([...store.rows('t')]).toEqual([['a', 1]]);
  const next = await store.begin();
  expect(next.get('t', 'a')).toBe(1);
  await next.delete('t', 'a');
  await store.commit(next, 0);
  expect(store.rows('t').size).toBe(0);
});

test('S7 the writes of an attempt are visible in it, and the earlier values after it was undone', async () => {
  const store = memoryBlockStore();
  const tx = await store.begin();
  await tx.put('t', 'a', 1);
  const seen: unknown[] = [];
  const attempt = store.attempt(tx, async () => {
    await tx.put('t', 'a', 2);
    await tx.put('t', 'b', 3);
    await tx.delete('t', 'a');
    seen.push(tx.get('t', 'a'), tx.get('t', 'b'));
    throw new Error('no');
  });
  await expect(attempt).rejects.toThrow('no');
  seen.push(tx.get('t', 'a'), tx.get('t', 'b'));
  expect(seen).toEqual([undefined, 3, 1, undefined]);
  await store.commit(tx, 0);
  expect([...store.rows('t')]).toEqual([['a', 1]]);
});

test('S7 one transaction at a time, and none that has ended', async () => {
  const store = memoryBlockStore();
  const tx = await store.begin();
  await expect(store.begin()).rejects.toThrow('another transaction is open');
  await store.rollback(tx);
  await expect(store.commit(tx, 0)).rejects.toThrow('this transaction has ended');
  await expect(store.rollback(tx)).rejects.toThrow('this transaction has ended');
});
