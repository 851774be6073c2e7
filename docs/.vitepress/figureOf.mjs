// A ```marbles fence as a figure: its code, its rows as a drawing, its values. The same fence is executed by the tests.
//
//   Observable  ──(a)──(b)──|      a line with marbles      work      [a   ]──[b   ]     from its beginning to its end
//   level       ──[ paused ]──     a band while it is true  lost      ✕2, told dashed     so many dropped, missed
import { TestScheduler } from 'rxjs/testing';
import { parseFence } from '../../spec/docs/marbles.mjs';

const STEP = 24;
const ROW = 38;
const RADIUS = 11;
const FATES = ['began', 'done', 'failed', 'cut', 'dropped', 'missed', 'skipped'];
const LEVEL_WORDS = { pause: 'paused', saturated: 'full', full: 'full', skip: 'skips', hold: 'holds' };

const escaped = text => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

/** What stands in a row: frames, and the sign of each. RxJS counts ten to a millisecond here. */
const marksOf = marbles => {
  if (marbles.includes('^')) {
    const { subscribedFrame, unsubscribedFrame } = TestScheduler.parseMarblesAsSubscriptions(marbles, true);
    return [
      { at: subscribedFrame / 10, sign: '^' },
      { at: unsubscribedFrame / 10, sign: '!' },
    ].filter(({ at }) => Number.isFinite(at));
  }
  return TestScheduler.parseMarbles(marbles, undefined, undefined, false, true).map(({ frame, notification: n }) => ({
    at: frame / 10,
    sign: n.kind === 'N' ? n.value : n.kind === 'C' ? '|' : '#',
  }));
};

/** Rows as they are drawn: those of one subscriber's deliveries become one. */
const drawnRows = ({ given, expected }) => {
  const rows = [];
  for (const [index, { label, marbles }] of [...given, ...expected].entries()) {
    const [, name, fate] = /^(\w+)\.(\w+)$/.exec(label) ?? [];
    const marks = marksOf(marbles);
    const isGiven = index < given.length;
    if (!isGiven && FATES.includes(fate)) {
      const known = rows.find(row => row.kind === 'work' && row.label === name);
      if (known) known[fate] = marks;
      else rows.push({ kind: 'work', label: name, isGiven, marks: [], [fate]: marks });
    } else {
      const signs = marks.map(({ sign }) => sign);
      const isLevel = label.endsWith('$') && signs.length > 0 && signs.every(sign => 'tf'.includes(sign));
      const isCount = label.includes('(') && !isGiven && signs.every(sign => /\d/.test(sign));
      const isNumber = !isGiven && !label.endsWith('$') && label !== 'result' && signs.every(sign => /\d/.test(sign));
      rows.push({ kind: isLevel ? 'level' : isCount || isNumber ? 'count' : 'stream', label, isGiven, marks });
    }
  }
  return rows;
};

const allMarks = row => [row.marks, ...FATES.map(fate => row[fate] ?? [])].flat();

const marble = (x, y, sign, kind = `c${sign.charCodeAt(0) % 6}`) =>
  `<circle class="marble ${kind}" cx="${x}" cy="${y}" r="${RADIUS}"/><text x="${x}" y="${y + 4.5}" text-anchor="middle">${escaped(sign)}</text>`;

const cross = (x, y) => `<path class="lost" d="M${x - 7},${y - 7} l14,14 m0,-14 l-14,14"/>`;

const end = (x, y) => `<path class="end" d="M${x},${y - 12} v24"/>`;

/** What happens in one instant, in one pill that begins at its place: RxJS's notation leaves it the room. */
const group = (x, y, signs) => {
  const values = signs.filter(sign => !'|#'.includes(sign));
  const step = 14;
  const right = x + (values.length - 1) * step;
  const letters = values.map(
    (sign, i) => `<text x="${x + i * step}" y="${y + 4.5}" text-anchor="middle">${escaped(sign)}</text>`,
  );
  const pill = `<rect class="marble c${values[0].charCodeAt(0) % 6}" x="${x - RADIUS}" y="${y - RADIUS}" width="${right - x + RADIUS * 2}" height="${RADIUS * 2}" rx="${RADIUS}"/>`;
  const last = signs.includes('|')
    ? end(right + RADIUS + 4, y)
    : signs.includes('#')
      ? cross(right + RADIUS + 10, y)
      : '';
  return pill + letters.join('') + last;
};

const instants = marks => {
  const signs = new Map();
  for (const { at, sign } of marks) signs.set(at, [...(signs.get(at) ?? []), sign]);
  return [...signs];
};

const drawers = {
  stream: ({ marks }, y, xOf, until) => {
    const stop = marks.findLast(({ sign }) => '|#!'.includes(sign));
    const from = marks.find(({ sign }) => sign === '^');
    const line = `<path class="line" d="M${xOf(from?.at ?? 0)},${y} H${xOf(stop?.at ?? until)}"/>`;
    const drawn = instants(marks).map(([at, signs]) => {
      const [sign] = signs;
      if (signs.length > 1 && !'|#^!'.includes(sign)) return group(xOf(at), y, signs);
      if (sign === '#') return cross(xOf(at), y);
      return '|^!'.includes(sign) ? end(xOf(at), y) : marble(xOf(at), y, sign);
    });
    return line + drawn.join('');
  },
  level: ({ marks, label }, y, xOf, until) => {
    const word = Object.entries(LEVEL_WORDS).find(([name]) => label.endsWith(`${name}$`))?.[1] ?? 'true';
    const ups = marks
      .filter(({ sign }) => sign === 't')
      .map(up => ({
        from: up.at,
        to: marks.find(({ at, sign }) => sign === 'f' && at >= up.at)?.at ?? until,
      }));
    return `<path class="off" d="M${xOf(0)},${y + 9} H${xOf(until)}"/>${ups
      .map(({ from, to }) => {
        const width = Math.max(3, (to - from) * STEP);
        const text =
          width > word.length * 6.7 + 4
            ? `<text class="word" x="${xOf(from) + width / 2}" y="${y + 4}" text-anchor="middle">${word}</text>`
            : '';
        return `<rect class="on" x="${xOf(from)}" y="${y - 9}" width="${width}" height="18"/>${text}`;
      })
      .join('')}`;
  },
  count: ({ marks }, y, xOf, until) =>
    `<path class="off" d="M${xOf(0)},${y + 11} H${xOf(until)}"/>${marks
      .map(
        ({ at, sign }) =>
          `<path class="line" d="M${xOf(at)},${y + 7} v8"/><text x="${xOf(at)}" y="${y + 3}" text-anchor="middle">${escaped(sign)}</text>`,
      )
      .join('')}`,
  work: (row, y, xOf, until) => {
    const { began = [], done = [], failed = [], cut = [], dropped = [], missed = [], skipped = [] } = row;
    const line = `<path class="line" d="M${xOf(0)},${y} H${xOf(until)}"/>`;
    const ends = [...done, ...failed, ...cut].sort((a, b) => a.at - b.at);
    const bars = began.map(({ at, sign }, index) => {
      const to = Math.min(ends[index]?.at ?? until, began[index + 1]?.at ?? Infinity);
      const width = Math.max(RADIUS * 2, (to - at) * STEP - 2);
      const failedHere = [...failed, ...cut].some(end => end.at === ends[index]?.at);
      return `<rect class="work c${sign.charCodeAt(0) % 6}" x="${xOf(at)}" y="${y - RADIUS}" width="${width}" height="${RADIUS * 2}" rx="6"/><text x="${xOf(at) + width / 2}" y="${y + 4.5}" text-anchor="middle">${escaped(sign)}</text>${failedHere ? cross(xOf(to), y) : ''}`;
    });
    const marbles = began.length > 0 ? [] : done.map(({ at, sign }) => marble(xOf(at), y, sign));
    const low = y + ROW * 0.68;
    const lost = dropped.map(
      ({ at, sign }) =>
        `${cross(xOf(at), low)}<text class="lost-text" x="${xOf(at) + 11}" y="${low + 4.5}">${sign} dropped</text>`,
    );
    const told = missed.map(
      ({ at, sign }) =>
        `<circle class="lost told" cx="${xOf(at)}" cy="${low}" r="8"/><text class="lost-text" x="${xOf(at) + 12}" y="${low + 4.5}">told: ${sign}</text>`,
    );
    const passed = skipped.map(
      ({ at, sign }) =>
        `<circle class="skipped" cx="${xOf(at)}" cy="${low}" r="8"/><text x="${xOf(at)}" y="${low + 4.5}" text-anchor="middle">${sign}</text>`,
    );
    const words =
      skipped.length > 0 ? [`<text class="ms" x="${xOf(skipped.at(-1).at) + 12}" y="${low + 4}">skipped</text>`] : [];
    return [line, ...bars, ...marbles, ...lost, ...told, ...passed, ...words].join('');
  },
};

const drawingOf = fence => {
  const rows = drawnRows(fence);
  const until = Math.max(...rows.flatMap(row => allMarks(row).map(({ at }) => at))) + 1.5;
  const left = Math.max(...rows.map(({ label }) => label.length)) * 8 + 34;
  const xOf = at => left + at * STEP;
  const width = xOf(until) + (rows.some(({ dropped, missed }) => dropped || missed) ? 70 : 16);
  const isTall = ({ dropped, missed, skipped }) =>
    dropped !== undefined || missed !== undefined || skipped !== undefined;
  let y = 20;
  const placed = rows.map(row => {
    const height = isTall(row) ? ROW * 1.7 : ROW;
    const at = { row, top: y, middle: y + ROW / 2, height };
    y += height;
    return at;
  });
  const ticks = Array.from({ length: Math.floor(until / 5) + 1 }, (_, i) => i * 5);
  const grid = ticks.map(
    at =>
      `<path class="grid" d="M${xOf(at)},18 V${y}"/><text class="ms" x="${xOf(at)}" y="12" text-anchor="middle">${at}${at === 0 ? ' ms' : ''}</text>`,
  );
  const body = placed.map(({ row, middle }) =>
    [`<text x="8" y="${middle + 4.5}">${escaped(row.label)}</text>`, drawers[row.kind](row, middle, xOf, until)].join(
      '',
    ),
  );
  const given = placed
    .filter(({ row }) => row.isGiven)
    .map(({ top, height }) => `<rect class="given" x="0" y="${top}" width="${width}" height="${height}"/>`);
  const title = [...fence.given, ...fence.expected].map(({ label, marbles }) => `${label} ${marbles}`).join('; ');
  return `<svg role="img" aria-label="${escaped(title)}" width="${width}" height="${y + 8}" viewBox="0 0 ${width} ${y + 8}">${[...given, ...grid, ...body].join('')}</svg>`;
};

/** The HTML of a fence. `highlight` renders code. */
export const figureOf = (block, highlight) => {
  const fence = parseFence(block);
  const values = fence.values.map(({ sign, code }) => `<li><code v-pre>${escaped(`${sign} = ${code}`)}</code></li>`);
  const list = values.length > 0 ? `<ul class="values">${values.join('')}</ul>` : '';
  return `<figure class="marbles">${highlight(fence.code)}<div class="drawing" tabindex="0" v-pre>${drawingOf(fence)}</div>${list}</figure>\n`;
};
