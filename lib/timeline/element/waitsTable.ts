import type { Wait } from '../model/waitsOf.js';
import { durationText, timeText } from '../view/times.js';
import { tableOf } from './tableOf.js';

/** The largest number of rows. Further ones are only counted. */
const MOST = 8;

/** The table of waiting lanes: since when, and what each waits for. */
export const waitsTable = (waits: readonly Wait[], now: number): HTMLTableElement => {
  const more = waits.length - MOST;
  const stalled = waits.filter(({ state }) => state === 'stalled').map(({ lane }) => lane.name);
  const caption =
    waits.length === 0
      ? 'Nobody is stalled, and nobody waits.'
      : `${stalledText(stalled)}. Who waits, and for whom${more > 0 ? ` (and ${more} more)` : ''}:`;
  const rows = waits.slice(0, MOST).map(({ lane, state, since, waitsFor, backlog }) => ({
    className: state,
    cells: [
      state,
      lane.kind === 'source' ? `source of ${lane.broker}` : lane.name,
      `${timeText(since)} (${durationText(Math.max(0, now - since))})`,
      waitsFor,
      lane.kind === 'source' ? '' : String(backlog),
    ],
  }));
  return tableOf(caption, waits.length === 0 ? [] : ['State', 'Who', 'Since', 'Waits for', 'Backlog'], rows, 1);
};

const stalledText = ([first, ...others]: readonly string[]): string => {
  if (first === undefined) return 'Nobody is stalled';
  if (others.length === 0) return `${first} is stalled`;
  return `${first} and ${others.length === 1 ? others[0] : `${others.length} others`} are stalled`;
};
