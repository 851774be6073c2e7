import { StoreConflictError } from '../errors.js';
import { CommitRefusedError, ENDED_BY_SUBSCRIBER, FencedError } from './errors.js';
import type { SqlClient } from './SqlClient.js';

/** Returns the reason why a block was not stored although no statement failed. It reads the epoch that the store has now. */
export const refusal = async (
  client: SqlClient,
  explain: string,
  block: {
    readonly name: string;
    readonly height: number;
    readonly epoch: string;
    /** The id of the block's transaction, if the block has reached its end. */
    readonly transaction: string | undefined;
  },
): Promise<Error> => {
  const { name, height, epoch, transaction } = block;
  const { rows } = await client.query(explain, [name]);
  const now = (rows as readonly Readonly<Record<'epoch' | 'transaction', string | null>>[])[0];
  if (transaction !== undefined && now?.transaction !== transaction) return new CommitRefusedError(ENDED_BY_SUBSCRIBER);
  const found = now?.epoch ?? undefined;
  // epoch 0 without a row: nothing was stored yet
  if ((found ?? '0') === epoch) return new StoreConflictError(height);
  return new FencedError(name, Number(epoch), found === undefined ? undefined : Number(found));
};
