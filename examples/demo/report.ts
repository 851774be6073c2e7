import type { MarketTotals } from '../market/index.js';
import type { Look } from '../terminal/look.js';
import { peakRssMiB } from '../terminal/peakRssMiB.js';
import { balanceLine, balances, tallyTable } from '../terminal/tallyTable.js';
import { type Kept, volumeOf } from './promises.js';
import type { DemoResult } from './replaySample.js';

const number = (value: number | bigint): string => value.toLocaleString('en');

/** The summary at the end of the demo. */
export const report = (
  result: DemoResult,
  simulated: MarketTotals,
  promises: readonly Kept[],
  { columns, paint, fit }: Look,
): string => {
  const { ledger, chart, batcher, market, audit } = result;
  const rows = [...market.subscribers, ...audit.subscribers];
  const { largest } = chart;
  const [head = '', ...lines] = tallyTable(rows, columns);
  const broken = promises.filter(({ kept }) => !kept).length;
  return [
    '',
    paint('bold', head),
    ...lines,
    '',
    ...rows.map(row => `${balanceLine(row)}; ${balances(row) ? 'it balances' : 'IT DOES NOT BALANCE'}`),
    '',
    `The chart drew ${number(chart.points)} points, and was notified that it missed ${number(chart.missed)} in ${number(chart.gaps)} gaps;`,
    `  the largest: ${number(largest.count)} events from ${largest.from} to ${largest.to}.`,
    `The batcher worked at each of ${number(batcher.batches)} time updates; the largest batch had ${number(batcher.largest)} events.`,
    `Traded volume: ${number(ledger.volume)} by the ledger, ${number(volumeOf(simulated))} by the simulator.`,
    `Events without a subscriber: ${number(market.unrouted)} (TxError, which All leaves out).`,
    `Peak memory: ${peakRssMiB()} MiB, Node itself included.`,
    '',
    ...promises.map(({ claim, kept }) => `${kept ? paint('green', 'kept  ') : paint('red', 'BROKEN')}  ${claim}`),
    '',
    broken === 0
      ? paint('green', `All ${promises.length} promises were kept.`)
      : paint('red', `${broken} of ${promises.length} promises were BROKEN.`),
    '',
  ]
    .map(fit)
    .join('\n');
};
