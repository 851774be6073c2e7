import type { Lane } from '../model/Lane.js';
import { eventOf } from '../model/waitsOf.js';
import { rowsOf, type Entry } from '../view/entries.js';
import type { TimeRange } from '../view/TimeRange.js';
import { durationText, timeText } from '../view/times.js';
import { tableOf } from './tableOf.js';

/** The largest number of rows. */
const MOST = 100;

/** A table of the entries in the visible range. */
export const rangeTable = (lanes: readonly Lane[], range: TimeRange): HTMLTableElement => {
  const rows = rowsOf(lanes, range, MOST + 1);
  const span = `${timeText(range.from)} to ${timeText(range.to)}`;
  const count = rows.length > MOST ? `${MOST} entries, not all,` : `${rows.length} entries`;
  const caption = `${count} of ${span}: first what has not ended or is stalled, then losses and failures, then the newest`;
  return tableOf(
    caption,
    ['Time', 'Lane', 'What', 'Event', 'Lasted', 'Backlog', 'Reason'],
    rows.slice(0, MOST).map(entry => ({ cells: cellsOf(entry) })),
    1,
  );
};

const cellsOf = ({ lane, what, from, to, record }: Entry): readonly string[] => [
  timeText(from),
  laneName(lane),
  what,
  record.event === undefined ? '' : eventOf(record),
  to === undefined ? 'not ended' : to === from ? '' : durationText(to - from),
  record.backlog === undefined ? '' : String(record.backlog),
  record.reason ?? '',
];

/** The full name of a lane, for use outside of the drawing. */
export const laneName = ({ kind, broker, name }: Lane): string =>
  kind === 'subscriber' ? name : `${name} of ${broker}`;

/** The text of an entry in a few lines, for its tooltip and for screen readers. */
export const entryText = ({ lane, what, from, to, record }: Entry): string =>
  [
    `${laneName(lane)}: ${what}`,
    record.event === undefined && record.type === undefined ? undefined : eventOf(record),
    to === undefined
      ? `since ${timeText(from)}, not ended`
      : to === from
        ? `at ${timeText(from)}`
        : `${timeText(from)} to ${timeText(to)}, ${durationText(to - from)}`,
    record.backlog === undefined ? undefined : `backlog ${record.backlog}`,
    record.attempt === undefined ? undefined : `attempt ${record.attempt}`,
    record.reason,
  ]
    .filter(line => line !== undefined)
    .join('\n');
