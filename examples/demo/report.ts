import type { MarketTotals } from '../market/index.js';
import { peakRssMiB } from '../terminal/peakRssMiB.js';
import { balanceLine, balances, tableHead, tableRow } from '../terminal/tallyTable.js';
import { type Kept, volumeOf } from './promises.js';
import type { DemoResult } from './replaySample.js';

const number = (value: number | bigint): string => value.toLocaleString('en');

/** What the demo closes with. */
export const report = (result: DemoResult, simulated: MarketTotals, promises: readonly Kept[]): string => {
  const { ledger, chart, batcher, market, audit } = result;
  const rows = [...market.subscribers, ...audit.subscribers];
  const { largest } = chart;
  return [
    '',
    tableHead,
    ...rows.map(tableRow),
    '',
    ...rows.map(row => `${balanceLine(row)}; ${balances(row) ? 'it balances' : 'IT DOES NOT BALANCE'}`),
    '',
    `The chart drew ${number(chart.points)} points, and was told that it missed ${number(chart.missed)} in ${number(chart.gaps)} gaps;`,
    `  the largest: ${number(largest.count)} events from ${largest.from} to ${largest.to}.`,
    `The batcher worked at each of ${number(batcher.batches)} time updates; the largest batch had ${number(batcher.largest)} events.`,
    `Traded volume: ${number(ledger.volume)} by the ledger, ${number(volumeOf(simulated))} by the simulator.`,
    `Events nobody asked for: ${number(market.unrouted)} (TxError, which All leaves out).`,
    `Peak memory: ${peakRssMiB()} MiB, Node itself included.`,
    '',
    ...promises.map(({ claim, kept }) => `${kept ? 'kept  ' : 'BROKEN'}  ${claim}`),
    '',
  ].join('\n');
};
