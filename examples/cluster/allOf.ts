import type { SqlClient } from 'rx-event-broker/sql';

interface Total {
  readonly key: string;
  readonly value: string;
}

/** Asks several databases for totals, and adds up those with the same key. */
export const allOf = (clients: readonly SqlClient[]): SqlClient => ({
  query: async sql => {
    const sums = new Map<string, string>();
    for (const client of clients) {
      for (const { key, value } of (await client.query(sql)).rows as readonly Total[]) {
        const before = sums.get(key);
        sums.set(key, before === undefined ? value : String(BigInt(before) + BigInt(value)));
      }
    }
    return { rows: [...sums].map(([key, value]) => ({ key, value })) };
  },
});
