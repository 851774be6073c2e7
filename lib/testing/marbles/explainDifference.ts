import { escaped } from '../../event/shown.js';
import { drawMarbles, type Drawing, type Mark } from './drawMarbles.js';
import { firstDifference } from './firstDifference.js';
import { inWords, sidesInWords } from './inWords.js';
import type { TestMessage } from './TestMessage.js';
import { signsOf, type Signs } from './Signs.js';

/** One row of a comparison. */
export interface DiagramRow {
  /** The name of the row. Empty if there is only one row. */
  readonly label: string;
  readonly expected: readonly TestMessage[];
  /** The signs of `expected`, one per message. Default: chosen by `signsOf`. */
  readonly letters?: readonly string[];
  readonly actual: readonly TestMessage[];
}

/** Why an expectation failed, as readable text. */
export interface Explanation {
  /** Such as `differs from its marbles at 5ms`. */
  readonly headline: string;
  readonly expected: string;
  readonly actual: string;
  /** Diagrams, caret and legend. */
  readonly picture: string;
  /** An error that was not expected. */
  readonly cause: unknown;
}

interface Mismatch {
  readonly row: DiagramRow;
  readonly index: number;
  readonly at: number;
}

/** Explains the earliest difference in the rows. Returns `undefined` if there is none. */
export const explainDifference = (rows: readonly DiagramRow[], values: unknown): Explanation | undefined => {
  const mismatches = rows.flatMap(findMismatch);
  const first = [...mismatches].sort((a, b) => a.at - b.at)[0];
  if (first === undefined) return undefined;

  const written = rows.flatMap(({ expected, letters }) =>
    expected.flatMap(({ notification }, i) => {
      const sign = letters?.[i];
      return notification.kind === 'N' && sign !== undefined ? [{ sign, value: notification.value }] : [];
    }),
  );
  const signs = signsOf(written, values);
  const lines = rows.flatMap(row => {
    const wanted = row.expected.map((m, i) => ({ frame: m.frame, sign: row.letters?.[i] ?? signs.of(m) }));
    const found = row.actual.map(m => ({ frame: m.frame, sign: signs.of(m) }));
    return mismatches.some(m => m.row === row)
      ? [line(row, 'expected', wanted), line(row, 'actual', found)]
      : [line(row, '', found)];
  });
  const drawing = drawMarbles(lines.map(({ marks }) => marks));
  const side = (which: Line['side']): string =>
    lines.flatMap((l, i) => (l.side === which ? [[l.row.label, drawing.lines[i]].join(' ').trim()] : [])).join('\n');
  const found = first.row.actual[first.index]?.notification;

  return {
    headline: `differs from its marbles at ${first.at}ms`,
    expected: side('expected'),
    actual: side('actual'),
    picture: [...picture(lines, drawing, first, signs), ...legend(rows, first, signs), ...tightness(drawing)].join(
      '\n',
    ),
    cause: found?.kind === 'E' ? found.error : undefined,
  };
};

const findMismatch = (row: DiagramRow): readonly Mismatch[] => {
  for (let index = 0; index < Math.max(row.expected.length, row.actual.length); index++) {
    const [wanted, found] = [row.expected[index], row.actual[index]];
    if (wanted === undefined || found === undefined || firstDifference(plain(wanted), plain(found)) !== undefined) {
      return [{ row, index, at: Math.min(wanted?.frame ?? Infinity, found?.frame ?? Infinity) }];
    }
  }
  return [];
};

/** RxJS's notifications have the properties of all kinds. Only those of the actual kind count. */
const plain = ({ frame, notification: n }: TestMessage): unknown =>
  n.kind === 'N' ? [frame, 'N', n.value] : n.kind === 'E' ? [frame, 'E', n.error] : [frame, 'C'];

interface Line {
  readonly row: DiagramRow;
  readonly side: 'expected' | 'actual' | '';
  readonly marks: readonly Mark[];
}

const line = (row: DiagramRow, side: Line['side'], marks: readonly Mark[]): Line => ({ row, side, marks });

const picture = (lines: readonly Line[], drawing: Drawing, first: Mismatch, signs: Signs): readonly string[] => {
  const margins = lines.map(({ row, side }) => [row.label, side].filter(Boolean).join(' '));
  const margin = Math.max(...margins.map(text => text.length)) + 4;
  const at = lines.findIndex(({ row, side, marks }) => {
    const frame = marks[first.index]?.frame;
    return row === first.row && side !== '' && frame === first.at;
  });
  const nth = (lines[at]?.marks ?? []).slice(0, first.index).filter(mark => mark.frame === first.at).length;
  const caret = ' '.repeat(margin + drawing.columnOf(first.at, at, nth)) + `^ ${differenceText(first, signs)}`;
  const drawn = margins.map((text, i) => `  ${text.padEnd(margin - 2)}${drawing.lines[i] || '(nothing)'}`);
  const last = lines.reduce((found, { row, side }, i) => (row === first.row && side !== '' ? i : found), 0);
  return [...drawn.slice(0, last + 1), caret, ...drawn.slice(last + 1)];
};

const differenceText = ({ row, index, at }: Mismatch, signs: Signs): string => {
  const side = (verb: string, message: TestMessage | undefined, letter?: string): string => {
    if (message === undefined) return `${verb} nothing`;
    const what = named(letter ?? signs.of(message));
    return message.frame === at ? `${verb} ${what}` : `${verb} nothing until ${what} at ${message.frame}ms`;
  };
  const [wanted, found] = [row.expected[index], row.actual[index]];
  if (wanted?.frame === found?.frame && wanted?.notification.kind === 'E' && found?.notification.kind === 'E') {
    return `${at}ms: expected one error, found another`;
  }
  return `${at}ms: ${side('expected', wanted, row.letters?.[index])}, ${side('found', found)}`;
};

const named = (sign: string): string => (sign === '|' ? 'completion' : sign === '#' ? 'an error' : sign);

/** A longer legend would hide what matters. */
const MOST_LINES = 8;

const legend = (rows: readonly DiagramRow[], { row, index }: Mismatch, signs: Signs): readonly string[] => {
  const [wanted, found] = [row.expected[index], row.actual[index]];
  const letters = new Map<string, unknown>();
  const add = (message: TestMessage | undefined, sign: string | undefined): void => {
    if (message?.notification.kind !== 'N' || sign === undefined || signs.isPlain(sign)) return;
    letters.set(sign, message.notification.value);
  };
  const wantedSign = wanted && (row.letters?.[index] ?? signs.of(wanted));
  if (wantedSign !== (found && signs.of(found))) {
    add(wanted, wantedSign);
    add(found, found && signs.of(found));
  }
  const known = new Set(rows.flatMap(r => r.expected.map((m, i) => r.letters?.[i] ?? signs.of(m))));
  for (const message of rows.flatMap(r => r.actual)) {
    const sign = signs.of(message);
    if (!known.has(sign)) add(message, sign);
  }
  const lines = [
    ...[...letters].map(([sign, value]) => `${sign} = ${inWords(value)}`),
    ...errorWords('expected', wanted),
    ...errorWords('found', found),
    ...valuePath(wanted, found),
  ];
  if (lines.length === 0) return [];
  const left = lines.length - MOST_LINES;
  const shown = left > 0 ? [...lines.slice(0, MOST_LINES), `… and ${left} more`] : lines;
  return ['', ...shown.map(text => `  ${text}`)];
};

const errorWords = (side: string, message: TestMessage | undefined): readonly string[] =>
  message?.notification.kind === 'E' ? [`# ${side} = ${inWords(message.notification.error)}`] : [];

/** The path of the first difference inside two values or errors. */
const valuePath = (wanted: TestMessage | undefined, found: TestMessage | undefined): readonly string[] => {
  const inner = (message: TestMessage | undefined): unknown =>
    message?.notification.kind === 'N'
      ? message.notification.value
      : (message?.notification as { error?: unknown }).error;
  if (wanted === undefined || wanted.notification.kind !== found?.notification.kind) return [];
  const difference = firstDifference(inner(wanted), inner(found));
  if (difference === undefined || difference.path === '') return [];
  return [`differs at ${escaped(difference.path)}: ${sidesInWords(difference)}`];
};

const tightness = ({ tooTight }: Drawing): readonly string[] =>
  tooTight
    ? [
        '',
        '  A group `(ab)` takes as many milliseconds as it has characters; signs that came earlier are drawn after it.',
      ]
    : [];
