import type { BrokerSnapshot, Tally } from 'rx-event-broker';
import { peakRssMiB } from '../terminal/peakRssMiB.js';
import type { Census } from './census.js';

/** A subscriber's tally, and what its handler counted itself. */
export interface SubscriberResult extends Tally {
  readonly name: string;
  readonly required: boolean;
  readonly received: number;
}

/** What `--json` prints, in this order. */
export interface ReplayResult {
  /** Of the files; those before the first begin-block are not events of the replay. */
  readonly records: number;
  readonly events: number;
  readonly blocks: number;
  readonly firstHeight: number | null;
  readonly lastHeight: number | null;
  readonly chainId: string;
  readonly byType: Readonly<Record<string, number>>;
  readonly subscribers: readonly SubscriberResult[];
  readonly unrouted: number;
  readonly peakRssMiB: number;
}

export const resultOf = (
  records: number,
  chainId: string,
  { events, blocks, firstHeight, lastHeight, byType }: Census,
  { subscribers, unrouted }: BrokerSnapshot,
  received: Readonly<Record<string, number>>,
): ReplayResult => ({
  records,
  events,
  blocks,
  firstHeight,
  lastHeight,
  chainId,
  byType: Object.fromEntries([...byType].sort(([, one], [, other]) => other - one)),
  subscribers: subscribers.map(({ name, required, offered, delivered, failed, dropped, skipped, pending }) => ({
    name,
    required,
    offered,
    delivered,
    failed,
    dropped,
    skipped,
    pending,
    received: received[name] ?? 0,
  })),
  unrouted,
  peakRssMiB: peakRssMiB(),
});
