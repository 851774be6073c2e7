import type { SubscriberSnapshot, Tally } from 'rx-event-broker';

const counts = ['offered', 'delivered', 'failed', 'dropped', 'skipped', 'pending'] as const;

interface Column {
  readonly head: string;
  readonly of: (row: SubscriberSnapshot) => string;
  readonly alignRight?: boolean;
}

const who: Column = { head: 'subscriber', of: ({ name }) => name };
const kind: Column = { head: 'kind', of: ({ required }) => (required ? 'required' : 'optional') };
const saturation: Column = { head: 'saturated', of: ({ saturated }) => (saturated ? 'yes' : 'no') };
const numbers = counts.map((count): Column => ({
  head: count,
  of: row => row[count].toLocaleString('en'),
  alignRight: true,
}));

const everything = [who, kind, ...numbers, saturation];

/** From the widest to the narrowest: the least important columns are left out first. */
const layouts = [
  { columns: everything, gap: '  ', least: 9 },
  { columns: everything, gap: '  ', least: 0 },
  { columns: everything, gap: ' ', least: 0 },
  { columns: [who, ...numbers], gap: ' ', least: 0 },
];

/** The tallies of subscribers: a line with heads, then a line each. A terminal of 60 columns has room for it. */
export const tallyTable = (rows: readonly SubscriberSnapshot[], width = Infinity): readonly string[] => {
  for (const layout of layouts) {
    const lines = drawn(rows, layout);
    if (lines.every(({ length }) => length <= width)) return lines;
  }
  return drawn(rows, layouts.at(-1)!).map(line => line.slice(0, width));
};

const drawn = (
  rows: readonly SubscriberSnapshot[],
  { columns, gap, least }: (typeof layouts)[number],
): readonly string[] => {
  const cells = columns.map(({ head, of, alignRight }) => {
    const texts = [head, ...rows.map(of)];
    const width = Math.max(alignRight ? least : 0, ...texts.map(({ length }) => length));
    return texts.map(text => (alignRight ? text.padStart(width) : text.padEnd(width)));
  });
  return [undefined, ...rows].map((_, line) =>
    cells
      .map(column => column[line]!)
      .join(gap)
      .trimEnd(),
  );
};

/** The equation that holds for every subscriber, at every instant. */
export const balances = ({ offered, delivered, failed, dropped, skipped, pending }: Tally): boolean =>
  offered === delivered + failed + dropped + skipped + pending;

/** The same as a line to read: `chart: 10 offered = 4 delivered + 0 failed + …`. */
export const balanceLine = (row: Tally & { readonly name: string }): string => {
  const [offered, ...rest] = counts.map(count => `${row[count].toLocaleString('en')} ${count}`);
  return `${row.name}: ${offered ?? ''} ${balances(row) ? '=' : '≠'} ${rest.join(' + ')}`;
};
