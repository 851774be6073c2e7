import type { VegaEvent } from 'rx-event-broker/vega';

/** The simulator's own counts of what a run has made so far. */
export interface MarketTotals {
  /** Begin-blocks. A first block that comes twice counts twice. */
  readonly blocks: number;
  readonly events: number;
  readonly byType: Readonly<Record<string, number>>;
  /** Traded size by market. */
  readonly volume: Readonly<Record<string, bigint>>;
  /** The last balance by `owner/asset`, a decimal string. */
  readonly balances: Readonly<Record<string, string>>;
}

/** Counts events. `totals` returns the current counts. */
export const counter = (): { readonly count: (event: VegaEvent) => void; readonly totals: () => MarketTotals } => {
  let events = 0;
  const byType = new Map<string, number>();
  const volume = new Map<string, bigint>();
  const balances = new Map<string, string>();
  return {
    count(event) {
      events++;
      byType.set(event.type, (byType.get(event.type) ?? 0) + 1);
      if (event.type === 'Trade') {
        const { marketId, size } = event.payload;
        volume.set(marketId, (volume.get(marketId) ?? 0n) + size);
      } else if (event.type === 'Account') {
        const { owner, asset, balance } = event.payload;
        balances.set(`${owner}/${asset}`, balance);
      }
    },
    totals: () => ({
      blocks: byType.get('BeginBlock') ?? 0,
      events,
      byType: Object.fromEntries(byType),
      volume: Object.fromEntries(volume),
      balances: Object.fromEntries(balances),
    }),
  };
};
