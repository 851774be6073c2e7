import type { BlockProgress } from '../blocks.js';
import type { SqlClient } from './SqlClient.js';
import type { StoreStatements } from './storeStatements.js';

/** A store as an owner of its chain. */
export interface Ownership {
  /** The epoch in the store when the progress was read. A block is stored only if the epoch is still the same. */
  readonly epoch: string;
  /** How long the server waits for the next statement inside a block, in ms; 0 for no limit. */
  readonly idleInBlock: string;
  /** The same between the last statement of a block and its COMMIT. */
  readonly idleInCommit: string;
  /** Reads the progress, and takes the chain over if it is fenced. */
  readonly load: (sql: StoreStatements) => Promise<Loaded>;
}

interface Loaded {
  readonly progress: BlockProgress | undefined;
  readonly position: string | undefined;
}

/** How long the server waits between two statements that are sent one directly after the other, in ms. */
export const MAX_IDLE_BETWEEN = 5000;

/** The largest limit that PostgreSQL accepts, in ms. */
const MAX_LIMIT = 2_147_483_647;

/** The session's own limit, in ms; 0 for no limit. */
const LIMIT = `select setting::text as ms from pg_settings where name = 'idle_in_transaction_session_timeout'`;

/** `maxIdleMs` is given if the chain is fenced. */
export const ownership = (client: SqlClient, name: string, maxIdleMs: number | undefined): Ownership => {
  let epoch = '0';
  let limit = Infinity;

  /** The lower one of our limit and the session's own. */
  const readLimit = async (ours: number): Promise<number> => {
    const { rows } = await client.query(LIMIT);
    const theirs = Number((rows as readonly { readonly ms: string }[])[0]?.ms ?? 0);
    return Math.min(ours, theirs === 0 ? Infinity : theirs);
  };

  return {
    get epoch() {
      return epoch;
    },
    get idleInBlock() {
      return limit > MAX_LIMIT ? '0' : String(limit);
    },
    get idleInCommit() {
      return String(Math.min(limit, MAX_IDLE_BETWEEN));
    },
    load: async sql => {
      if (maxIdleMs !== undefined) limit = await readLimit(maxIdleMs);
      const { rows } = await client.query(maxIdleMs === undefined ? sql.progress : sql.takeOver, [name]);
      const row = (rows as readonly ProgressRow[])[0];
      epoch = row?.epoch ?? '0';
      return { progress: row && progressOf(row), position: row?.position ?? undefined };
    },
  };
};

type ProgressRow = Readonly<Record<'first' | 'height' | 'hashes' | 'position', string | null>> & {
  readonly epoch: string;
};

/** The row of a chain that was taken over before its first block has no height. */
const progressOf = ({ first, height, hashes }: ProgressRow): BlockProgress | undefined =>
  height === null || hashes === null
    ? undefined
    : { firstHeight: Number(first), height: Number(height), hashes: JSON.parse(hashes) as readonly string[] };
