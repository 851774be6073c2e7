import { defer, lastValueFrom, mergeAll, toArray } from 'rxjs';
import { sqlBlockStore, type SqlBlockStoreOptions } from '../../../lib/store/sql/sqlBlockStore.js';
import type { SqlClient } from '../../../lib/store/sql/SqlClient.js';
import { storeBlocks } from '../../../lib/store/storeBlocks.js';
import { CHAIN_ID, type ChainEvent } from '../chainOf.js';

export type Outcome = { readonly heights: readonly number[] } | { readonly error: unknown };

/** An owner of the chain: stores it from the position on, and each row into the table `kept`. Never rejects. */
export const ownerOf = async (
  client: SqlClient,
  events: readonly ChainEvent[],
  options: SqlBlockStoreOptions = { fence: true },
  insert = 'insert into kept values ($1)',
): Promise<Outcome> => {
  const store = sqlBlockStore(client, options);
  const events$ = defer(async () => {
    const start = Number((await store.position.read()) ?? 0);
    store.position.follow!(received => String(start + received));
    return events.slice(start);
  }).pipe(mergeAll());
  const blocks$ = storeBlocks<ChainEvent, SqlClient, readonly ['Row']>(events$, {
    chainId: CHAIN_ID,
    store,
    blockMark: event => event,
    subscribers: [{ types: ['Row'], next: ({ value }, sql) => sql.query(insert, [value]) }],
    notices: { next: () => undefined },
  });
  try {
    const blocks = await lastValueFrom(blocks$.pipe(toArray()));
    return { heights: blocks.map(({ height }) => height) };
  } catch (error) {
    return { error };
  }
};

/** Why an owner failed: the error of the store. */
export const causeOf = (outcome: Outcome): unknown =>
  'error' in outcome ? (outcome.error as { readonly cause?: unknown }).cause : undefined;
