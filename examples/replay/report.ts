import type { Look } from '../terminal/look.js';
import { balanceLine } from '../terminal/tallyTable.js';
import type { Census } from './census.js';
import type { ReplayResult } from './resultOf.js';

/** The result for people. */
export const report = (result: ReplayResult, { asBytes }: Census, { fit }: Look): string => {
  const { records, events, blocks, firstHeight, lastHeight, chainId, byType, subscribers, unrouted } = result;
  const number = (value: number | null): string => value?.toLocaleString('en') ?? 'none';
  return [
    `chain ${chainId}: ${number(records)} records, ${number(events)} events in ${number(blocks)} blocks, heights ${number(firstHeight)} to ${number(lastHeight)}`,
    ...Object.entries(byType).map(([type, count]) => `${number(count).padStart(11)}  ${type}`),
    ...subscribers.map(row => `${balanceLine(row)}; its handler received ${number(row.received)}`),
    `payloads decoded: ${number(events - asBytes)}; left as bytes, without a codec: ${number(asBytes)}`,
    `without a subscriber: ${number(unrouted)}`,
    `peak memory: ${result.peakRssMiB} MiB`,
    '',
  ]
    .map(fit)
    .join('\n');
};
