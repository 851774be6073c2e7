import type { MarketTotals } from '../market/index.js';
import { balances } from '../terminal/tallyTable.js';
import type { DemoResult } from './replaySample.js';

/** A promise of docs/promises.md, and whether the replay kept it. */
export interface Kept {
  readonly claim: string;
  readonly kept: boolean;
}

export const volumeOf = ({ volume }: MarketTotals): bigint =>
  Object.values(volume).reduce((sum, size) => sum + size, 0n);

/** Compares the counts of the subscribers with the counts of the simulator. */
export const promisesOf = (result: DemoResult, simulated: MarketTotals): readonly Kept[] => {
  const { ledger, chart, log, batcher, audited, market, audit } = result;
  const of = (type: string): number => simulated.byType[type] ?? 0;
  const tally = (name: string) => market.subscribers.find(subscriber => subscriber.name === name)!;
  const listed = simulated.events - of('TxError');
  const all = [...market.subscribers, ...audit.subscribers];
  return [
    {
      claim: 'B1  the ledger got every trade and every end of a block, in order',
      kept: ledger.trades === of('Trade') && ledger.blocks === of('EndBlock') && ledger.inOrder,
    },
    { claim: 'B1  the ledger traded what the simulator traded', kept: ledger.volume === volumeOf(simulated) },
    {
      claim: 'B3  the chart was notified of everything that it missed',
      kept: chart.missed === tally('chart').dropped && chart.points + chart.missed === of('MarketData'),
    },
    { claim: 'B4  only the unlisted events had no subscriber', kept: market.unrouted === of('TxError') },
    {
      claim: 'B5  the log wrote or skipped every listed event',
      kept: log.lines + tally('log').skipped === listed,
    },
    {
      claim: 'B17 the batcher worked once for each TimeUpdate',
      kept: batcher.batches === of('TimeUpdate') && batcher.events === of('TimeUpdate') + of('Order'),
    },
    { claim: 'F3  the second branch got every recorded event', kept: sameTotals(audited, simulated) },
    {
      claim: 'every tally balances, and nothing is pending',
      kept: all.every(row => balances(row) && row.pending === 0),
    },
  ];
};

const sameTotals = (one: MarketTotals, other: MarketTotals): boolean => inText(one) === inText(other);

const inText = (totals: MarketTotals): string =>
  JSON.stringify(totals, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
