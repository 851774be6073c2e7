import type { Client } from 'pg';
import { partitionOf } from '../../../lib/nats/partitions/partitionOf.js';
import { KEYS, PARTITIONS } from './chain.js';

export const makeRows = async (client: Client): Promise<void> => {
  await client.query('create table rows (id bigserial, key text, n integer, owner text)');
};

/**
 * Throws unless each key has the heights after `from`, up to `to`, each once and in the order in which they were written. Then it
 * removes them: what is stored again later is found by the next check.
 */
export const checkStored = async (client: Client, from: number, to: number): Promise<void> => {
  const { rows } = await client.query<{ key: string; ns: readonly number[] }>(
    'select key, array_agg(n order by id) as ns from rows group by key',
  );
  const found = new Map(rows.map(({ key, ns }) => [key, ns]));
  for (const key of KEYS) {
    const ns = found.get(key) ?? [];
    const wrong = ns.findIndex((n, i) => n !== from + 1 + i);
    if (wrong >= 0)
      throw new Error(`key ${key}: expected ${from + 1 + wrong}, found ${ns.slice(wrong, wrong + 5).join()}`);
    if (ns.length !== to - from) throw new Error(`key ${key}: expected ${to} as the last, found ${String(ns.at(-1))}`);
  }
  const { rows: blocks } = await client.query<{ name: string; count: number; last: number }>(
    'select name, count(*)::int as count, max(height)::int as last from block_store_blocks group by name',
  );
  if (blocks.length !== PARTITIONS || blocks.some(({ count, last }) => count !== to || last !== to))
    throw new Error(`expected ${to} blocks in each partition, found ${JSON.stringify(blocks)}`);
  await client.query('truncate rows');
};

/** The height that all partitions have reached. */
export const lowestStored = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ count: number; height: number }>(
    'select count(*)::int as count, coalesce(min(height), 0)::int as height from block_store_progress',
  );
  return rows[0]!.count < PARTITIONS ? 0 : rows[0]!.height;
};

/** How many rows of a block of a partition were written by an owner, in what is not checked yet. */
export const rowsBy = async (client: Client, owner: string, partition: number, height: number): Promise<number> => {
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from rows where owner = $1 and n = $2 and key = any($3)',
    [owner, height, KEYS.filter(key => partitionOf(key, PARTITIONS) === partition)],
  );
  return rows[0]!.count;
};
