import type { Observable } from 'rxjs';
import { type Source, storeBlocks, type CommittedBlock, type StoreBlocksOptions } from 'rx-event-broker';
import { sqlBlockStore, tableWriter, type SqlClient } from 'rx-event-broker/sql';
import { blockMark, type VegaEvent } from 'rx-event-broker/vega';
import type { OpenDatabase } from './openDatabase.js';

type Trade = Extract<VegaEvent, { readonly type: 'Trade' }>;
type Options = StoreBlocksOptions<VegaEvent, SqlClient, readonly []>;
type Account = Extract<VegaEvent, { readonly type: 'Account' }>;

const TABLES = [
  `create table if not exists trades (block bigint not null, id text not null, market text not null, size numeric not null)`,
  `create table if not exists balances (
     owner text, asset text, market text, type integer, balance numeric not null,
     primary key (owner, asset, market, type))`,
];

/** Any number that no other program uses. */
const LOCK = 7_203_114;

/** The tables that `storeMarket` writes, in the first schema of the search path. */
export const makeTables = async (client: SqlClient): Promise<void> => {
  // if two programs do this at the same time, one waits
  await client.query(`select pg_advisory_lock(${LOCK})`);
  for (const table of TABLES) await client.query(table);
  await client.query(`select pg_advisory_unlock(${LOCK})`);
};

/** Options of `storeBlocks`, and `onTrade`. */
export interface StoreMarketOptions extends Pick<Options, 'chainId' | 'onFailure' | 'onUpgrade' | 'notices'> {
  /** Called with each trade before it is stored. */
  readonly onTrade?: (trade: Trade) => void;
  /** Default: a store of the database, without a name. */
  readonly store?: Options['store'];
}

/** Stores trades and balances of any chain of vega events in a database, with one transaction for each block. */
export const storeMarket = (
  source: Source<VegaEvent>,
  { client, copy }: Pick<OpenDatabase, 'client' | 'copy'>,
  { onTrade, store = sqlBlockStore(client), ...options }: StoreMarketOptions,
): Observable<CommittedBlock> =>
  storeBlocks<VegaEvent, SqlClient, readonly ['Trade', 'Account']>(source, {
    ...options,
    store,
    blockMark,
    subscribers: [
      tableWriter<VegaEvent, 'Trade'>({
        types: ['Trade'],
        table: 'trades',
        columns: ['block', 'id', 'market', 'size'],
        rowsOf: (trade: Trade) => {
          onTrade?.(trade);
          return [[trade.blockNr, trade.payload.id, trade.payload.marketId, trade.payload.size]];
        },
        copy,
      }),
      tableWriter<VegaEvent, 'Account'>({
        types: ['Account'],
        table: 'balances',
        columns: ['owner', 'asset', 'market', 'type', 'balance'],
        keys: ['owner', 'asset', 'market', 'type'],
        rowsOf: ({ payload: { owner, asset, marketId, type, balance } }: Account) => [
          [owner, asset, marketId, type, balance],
        ],
        copy,
      }),
    ],
  });
