import { expect } from '@jest/globals';
import type { Client } from 'pg';
import type { ChainEvent } from '../chainOf.js';

/** Each row is there once, and the store is at the end of the chain. */
export const expectWhole = async (admin: Client, chain: readonly ChainEvent[]): Promise<void> => {
  const values = chain.flatMap(({ type, value }) => (type === 'Row' ? [value] : [])).sort((a, b) => a - b);
  const last = chain.at(-1)!.height;
  const kept = await admin.query<{ value: number }>('select value from kept order by value');
  expect(kept.rows.map(({ value }) => value)).toEqual(values);
  const state = `select height::int as height, position, (select count(*)::int from block_store_blocks) as blocks
    from block_store_progress`;
  expect((await admin.query(state)).rows).toEqual([{ height: last, position: String(chain.length), blocks: last }]);
};
