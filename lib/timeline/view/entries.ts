import type { InspectRecord } from '../../inspect/InspectRecord.js';
import type { InFlight, Lane } from '../model/Lane.js';
import type { Points } from '../model/Points.js';
import type { Spans } from '../model/Spans.js';
import type { TimeRange } from './TimeRange.js';

/** An entry of a lane, which can be selected. */
export interface Entry {
  readonly lane: Lane;
  /** The kind of entry, in one word. For a mark, the kind of its record. */
  readonly what: string;
  readonly from: number;
  /** The end. `undefined` if the entry has not ended. */
  readonly to: number | undefined;
  readonly record: InspectRecord;
}

/** The names of `OUTCOMES`. */
const DELIVERED = ['delivered', 'failed', 'delivered, its end was not recorded'];
const PAUSED = ['paused', 'paused', 'paused'];

/** The entries of a lane in the range, by kind, marks first. Of each kind, at most the newest `most`. */
export const entriesOf = (lane: Lane, { from, to }: TimeRange, most = Infinity): readonly Entry[] => {
  const found: Entry[] = [];
  const newestOf = (
    all: Points | Spans,
    whatOf: (index: number) => string,
    take: (index: number, what: string) => void,
  ): void => {
    const inRange: number[] = [];
    all.within(from, to, i => void inRange.push(i));
    const counts = new Map<string, number>();
    const isNewest = (i: number): boolean => {
      const count = (counts.get(whatOf(i)) ?? 0) + 1;
      counts.set(whatOf(i), count);
      return count <= most;
    };
    const kept = most === Infinity ? inRange : inRange.reverse().filter(isNewest).reverse();
    for (const i of kept) take(i, whatOf(i));
  };
  const pointsOf = (points: Points, whatOf: (record: InspectRecord) => string): void => {
    newestOf(
      points,
      i => whatOf(points.records[i]!),
      (i, what) => {
        const at = points.ats.at(i);
        found.push({ lane, what, from: at, to: at, record: points.records[i]! });
      },
    );
  };
  const spansOf = (spans: Spans, words: readonly string[]): void => {
    newestOf(
      spans,
      i => words[spans.outcomes.at(i)]!,
      (i, what) =>
        found.push({ lane, what, from: spans.starts.at(i), to: spans.ends.at(i), record: spans.records[i]! }),
    );
  };
  const openOf = (what: string, { start, record }: InFlight): void => {
    if (start <= to) found.push({ lane, what, from: start, to: undefined, record });
  };
  const [inFlight, ended] = lane.kind === 'pause' ? ['paused', PAUSED] : ['in flight', DELIVERED];
  pointsOf(lane.marks, ({ kind }) => kind);
  pointsOf(lane.emitted, () => 'emitted');
  for (const each of lane.inFlight.values()) openOf(inFlight, each);
  spansOf(lane.spans, ended);
  spansOf(lane.gaps, ['gap']);
  if (lane.heldBy !== undefined) openOf('held', lane.heldBy);
  spansOf(lane.holds, ['held']);
  return found;
};

/** The entry of a lane that is nearest to an instant, within `reach` ms. Of equally near ones, the first of `entriesOf`. */
export const entryNear = (lane: Lane, at: number, reach: number): Entry | undefined => {
  const distance = ({ from, to = Infinity }: Entry): number => Math.max(0, from - at, at - to);
  let nearest: Entry | undefined;
  for (const entry of entriesOf(lane, { from: at - reach, to: at + reach })) {
    if (nearest === undefined || distance(entry) < distance(nearest) || isBrief(entry, nearest)) nearest = entry;
  }
  return nearest;
};

/** A mark takes precedence over the bar beneath it. */
const isBrief = (entry: Entry, than: Entry): boolean => entry.from === entry.to && than.from !== than.to;

/** The entry that begins next after an instant, or last before it. The search widens up to the ends of `within`. */
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

const TROUBLE = new Set(['failed', 'lost', 'dropped', 'superseded', 'gap', 'retrying']);

const urgency = ({ what, to }: Entry): number =>
  to === undefined || what === 'stalled' ? 0 : TROUBLE.has(what) ? 1 : 2;

/** At most `most` entries in the range: first those that have not ended or are stalled, then losses and failures, then the newest. */
export const rowsOf = (lanes: readonly Lane[], range: TimeRange, most: number): readonly Entry[] =>
  lanes
    .flatMap(lane => entriesOf(lane, range, most))
    .sort((a, b) => urgency(a) - urgency(b) || b.from - a.from)
    .slice(0, most);
