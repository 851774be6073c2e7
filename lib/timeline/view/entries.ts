import type { InspectRecord } from '../../inspect/InspectRecord.js';
import type { Lane } from '../model/Lane.js';
import { OUTCOMES } from '../model/Spans.js';
import type { TimeRange } from './TimeRange.js';

/** Something in a lane that can be pointed at. */
export interface Entry {
  readonly lane: Lane;
  /** What it is, in one word: that of a mark is the kind of its record. */
  readonly what: string;
  readonly from: number;
  /** `undefined` if it has not ended. */
  readonly to: number | undefined;
  readonly record: InspectRecord;
}

const OUTCOME_WORDS = { ended: 'delivered', failed: 'failed', unknown: 'delivered, its end was not recorded' } as const;

/** Calls `each` with what a lane has in the range, kind after kind: its marks first. Stops a kind after `most`. */
export const entriesOf = (lane: Lane, { from, to }: TimeRange, most = Infinity): readonly Entry[] => {
  const found: Entry[] = [];
  const upTo = (limit: number) => {
    const until = found.length + limit;
    return (entry: Omit<Entry, 'lane'>): void => {
      if (found.length < until) found.push({ lane, ...entry });
    };
  };
  const { spans, marks, emitted, gaps, holds } = lane;
  const mark = upTo(most);
  marks.within(from, to, i =>
    mark({ ...instant(marks.ats.at(i)), what: marks.records[i]!.kind, record: marks.records[i]! }),
  );
  const emission = upTo(most);
  emitted.within(from, to, i =>
    emission({ ...instant(emitted.ats.at(i)), what: 'emitted', record: emitted.records[i]! }),
  );
  for (const { start, record } of lane.inFlight.values()) {
    if (start <= to)
      upTo(1)({ what: lane.kind === 'pause' ? 'paused' : 'in flight', from: start, to: undefined, record });
  }
  const span = upTo(most);
  spans.within(from, to, i =>
    span({
      what: lane.kind === 'pause' ? 'paused' : OUTCOME_WORDS[OUTCOMES[spans.outcomes.at(i)]!],
      from: spans.starts.at(i),
      to: spans.ends.at(i),
      record: spans.records[i]!,
    }),
  );
  const gap = upTo(most);
  gaps.within(from, to, i =>
    gap({ what: 'gap', from: gaps.starts.at(i), to: gaps.ends.at(i), record: gaps.records[i]! }),
  );
  const hold = upTo(most);
  holds.within(from, to, i =>
    hold({ what: 'held', from: holds.starts.at(i), to: holds.ends.at(i), record: holds.records[i]! }),
  );
  if (lane.heldBy !== undefined && lane.heldBy.start <= to)
    upTo(1)({ what: 'held', from: lane.heldBy.start, to: undefined, record: lane.heldBy.record });
  return found;
};

const instant = (at: number) => ({ from: at, to: at });

/** What of a lane is nearest to an instant and not farther than `reach`, in ms; of equals, the first of `entriesOf`. */
export const entryNear = (lane: Lane, at: number, reach: number): Entry | undefined => {
  const distance = ({ from, to = Infinity }: Entry): number => Math.max(0, from - at, at - to);
  let nearest: Entry | undefined;
  for (const entry of entriesOf(lane, { from: at - reach, to: at + reach })) {
    if (nearest === undefined || distance(entry) < distance(nearest) || isBrief(entry, nearest)) nearest = entry;
  }
  return nearest;
};

/** A mark that lies on a bar is pointed at, not the bar. */
const isBrief = (entry: Entry, than: Entry): boolean => entry.from === entry.to && than.from !== than.to;

/** The entry that begins next after an instant, or last before it. Looks farther and farther, up to the ends of `within`. */
export const entryBeside = (lane: Lane, at: number, isAfter: boolean, within: TimeRange): Entry | undefined => {
  for (let reach = (within.to - within.from) / 1024; ; reach *= 4) {
    const side = isAfter ? { from: at, to: at + reach } : { from: at - reach, to: at };
    let nearest: Entry | undefined;
    for (const entry of entriesOf(lane, side)) {
      const isBeside = isAfter ? entry.from > at : entry.from < at;
      const isInReach = entry.from >= side.from && entry.from <= side.to;
      if (!isBeside || !isInReach) continue;
      if (nearest === undefined || (isAfter ? entry.from < nearest.from : entry.from > nearest.from)) nearest = entry;
    }
    if (nearest !== undefined || !(reach < within.to - within.from)) return nearest;
  }
};

/** The first `most` entries of the lanes in the range, by time. */
export const rowsOf = (lanes: readonly Lane[], range: TimeRange, most: number): readonly Entry[] =>
  lanes
    .flatMap(lane => entriesOf(lane, range, most))
    .sort((a, b) => a.from - b.from)
    .slice(0, most);
