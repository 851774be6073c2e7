import { PARTITIONS } from './chain.js';
import type { Said } from './ownerProcess.js';

export interface KilledOwners {
  readonly blocks: number;
  /** What was met, such as `killed at moved`, by what the owners said, and how often. */
  readonly met: ReadonlyMap<string, number>;
  /** Commits that were refused to an owner that was late, by the name of the error. */
  readonly refused: ReadonlyMap<string, number>;
  /** How often a partition was taken. */
  readonly taken: number;
  /** The longest time in which a partition stored nothing although there was more, in ms. */
  readonly longest: number;
}

/** What owners say, added up. */
export interface Tally {
  readonly heard: (said: Said) => void;
  /** The last block of each partition that somebody has said to be stored. */
  readonly stored: readonly number[];
  readonly taken: number;
  readonly meet: (what: string) => void;
  /** Nothing was published for a while, so nothing stood still. */
  readonly rested: () => void;
  readonly result: (blocks: number) => KilledOwners;
}

export const newTally = (): Tally => {
  const stored = Array.from({ length: PARTITIONS }, () => 0);
  const met = new Map<string, number>();
  const refused = new Map<string, number>();
  const count = (map: Map<string, number>, what: string): unknown => map.set(what, (map.get(what) ?? 0) + 1);
  const now = (): number => performance.now();
  let since = stored.map(now);
  let [taken, longest] = [0, 0];
  return {
    heard: ({ what, partition, at, rest }) => {
      if (what === 'stored') {
        stored[partition] = Math.max(stored[partition]!, at);
        longest = Math.max(longest, now() - since[partition]!);
        since[partition] = now();
      } else if (what === 'took') taken++;
      else if (what === 'refused') count(refused, rest);
    },
    stored,
    get taken() {
      return taken;
    },
    meet: what => void count(met, what),
    rested: () => {
      since = stored.map(now);
    },
    result: blocks => ({ blocks, met, refused, taken, longest }),
  };
};
