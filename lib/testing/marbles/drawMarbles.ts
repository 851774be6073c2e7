/** A sign at a time in virtual ms. */
export interface Mark {
  readonly frame: number;
  readonly sign: string;
}

export interface Drawing {
  /** One diagram per row. It can be pasted into a test, unless the drawing is `tooTight`. */
  readonly lines: readonly string[];
  /** The column of the `nth` sign of a row's group at `frame`. */
  readonly columnOf: (frame: number, row: number, nth: number) => number;
  /** A group is longer than the time to the next sign, which the notation of RxJS cannot express. */
  readonly tooTight: boolean;
}

/** Longer silence is written as a time, such as `20ms`, instead of dashes. */
const LONGEST_SILENCE = 12;

/**
 * Draws rows of marks as aligned marble diagrams. A time has the same column in each row.
 *
 * ```
 *   row 0   --(ab)--c
 *   row 1   --a   b 20ms d
 *           0 2   6
 * ```
 *
 * `column` is the number of characters before a time. `clock` is the time that the text of a row has reached. A group such as
 * `(ab)` takes four frames, so the clock of its row may be ahead of other rows. Those rows are padded with dashes, or with spaces
 * if a sign follows. Marbles ignore spaces.
 */
export const drawMarbles = (rows: readonly (readonly Mark[])[]): Drawing => {
  const cells = rows.map(groupByFrame);
  const frames = [...new Set(cells.flatMap(row => [...row.keys()]))].sort((a, b) => a - b);
  const columns = new Map<number, number>();
  let isTooTight = false;
  const start = Math.min(0, ...frames);
  let pens: readonly Pen[] = rows.map(() => ({ text: '', clock: start, end: 0 }));

  for (const frame of frames) {
    pens = advance(pens, frame);
    const column = Math.max(
      ...pens.map(({ text, clock }, row) => text.length - (cells[row]?.has(frame) ? 0 : Math.max(0, clock - frame))),
    );
    columns.set(frame, column);
    pens = pens.map(({ text, clock, end }, row) => {
      const signs = cells[row]?.get(frame);
      if (signs === undefined) return { text: text.padEnd(column + Math.max(0, clock - frame)), clock, end };
      isTooTight ||= clock > frame;
      const cell = signs.length === 1 ? signs.join('') : `(${signs.join('')})`;
      const drawn = text.padEnd(column) + cell;
      return { text: drawn, clock: frame + [...cell].length, end: drawn.length };
    });
  }

  return {
    lines: pens.map(({ text, end }) => text.slice(0, end)),
    columnOf: (frame, row, nth) => {
      const column = columns.get(frame) ?? 0;
      return (cells[row]?.get(frame)?.length ?? 1) > 1 ? column + 1 + nth : column;
    },
    tooTight: isTooTight,
  };
};

interface Pen {
  readonly text: string;
  readonly clock: number;
  /** The length of the text up to its last sign. The rest is padding. */
  readonly end: number;
}

const advance = (pens: readonly Pen[], frame: number): Pen[] => {
  const latest = Math.max(...pens.map(({ clock }) => clock));
  const silence = frame - latest;
  const isAsTime = silence > LONGEST_SILENCE || (silence > 0 && !Number.isInteger(silence));
  const dashesTo = isAsTime ? latest : frame;
  return pens.map(({ text, clock, end }) => {
    const dashes = Math.max(0, Math.ceil(dashesTo - clock));
    return {
      text: text + '-'.repeat(dashes) + (isAsTime ? ` ${spelled(silence)} ` : ''),
      clock: Math.max(clock, frame),
      end,
    };
  });
};

const spelled = (time: number): string => (time % 1000 === 0 ? `${time / 1000}s` : `${time}ms`);

const groupByFrame = (marks: readonly Mark[]): Map<number, string[]> => {
  const cells = new Map<number, string[]>();
  for (const { frame, sign } of marks) cells.set(frame, [...(cells.get(frame) ?? []), sign]);
  return cells;
};
