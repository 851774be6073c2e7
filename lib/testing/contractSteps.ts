// The building blocks of the store contract.
import type { StoreUnderTest } from './StoreUnderTest.js';

export const begin = async <Tx>(
  it: StoreUnderTest<Tx>,
  height: number,
  hash: string,
  values: number[],
): Promise<Tx> => {
  await it.store.progress();
  const tx = await it.store.begin();
  await it.store.add(tx, { height, hash, time: 1_700_000_000_123_456_000n });
  for (const value of values) await it.put(tx, value);
  return tx;
};

export const commitBlock = async <Tx>(
  it: StoreUnderTest<Tx>,
  height: number,
  hash: string,
  values: number[],
  received = 0,
): Promise<void> => {
  await it.store.commit(await begin(it, height, hash, values), received);
};

export const sorted = async <Tx>(it: StoreUnderTest<Tx>): Promise<readonly number[]> =>
  [...(await it.values())].sort((a, b) => a - b);

export const same = (what: string, found: unknown, expected: unknown): void => {
  const [a, b] = [inJson(found), inJson(expected)];
  if (a !== b) throw new Error(`${what}: expected ${String(b)}, found ${String(a)}`);
};

/** JSON in which a bigint differs from an equal number. */
const inJson = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${String(part)}n` : part));

export const rejects = async (what: string, promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`${what}: expected a rejection, found none`);
};
