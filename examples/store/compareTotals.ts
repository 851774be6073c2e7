import type { SqlClient } from 'rx-event-broker/sql';
import type { MarketTotals } from '../market/index.js';

/** A total in SQL, and by the simulator's own count. */
export interface Compared {
  readonly what: string;
  readonly stored: string;
  readonly simulated: string;
}

const shorten = (key: string): string => key.replaceAll(/[0-9a-f]{12,}/gi, hash => hash.slice(0, 8));

/** The stored totals, beside the simulator's own counts. */
export const compareTotals = async (client: SqlClient, totals: MarketTotals, heights: number): Promise<Compared[]> => {
  const read = async (sql: string): Promise<Map<string, string>> => {
    const { rows } = await client.query(sql);
    return new Map((rows as readonly { key: string; value: string }[]).map(({ key, value }) => [key, value]));
  };
  const compare = (what: string, stored: ReadonlyMap<string, string>, simulated: ReadonlyMap<string, string>) =>
    [...new Set([...stored.keys(), ...simulated.keys()])].sort().map(key => ({
      what: `${what} ${shorten(key)}`.trim(),
      stored: stored.get(key) ?? 'none',
      simulated: simulated.get(key) ?? 'none',
    }));
  const blocks = await read(`select '' as key, count(*)::text as value from block_store_blocks`);
  const trades = await read(`select '' as key, count(*)::text as value from trades`);
  const volume = await read(`select market as key, sum(size)::text as value from trades group by market`);
  const balances = await read(`select owner || '/' || asset as key, balance::text as value from balances`);
  return [
    ...compare('blocks', blocks, new Map([['', String(heights)]])),
    ...compare('trades', trades, new Map([['', String(totals.byType['Trade'] ?? 0)]])),
    ...compare('volume', volume, new Map(Object.entries(totals.volume).map(([key, size]) => [key, String(size)]))),
    ...compare('balance', balances, new Map(Object.entries(totals.balances))),
  ];
};
