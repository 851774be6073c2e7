import { WriteStream } from 'node:tty';
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Screen } from './dashboard.js';

/** A colour or a weight, as `styleText` names it. */
type Style = Parameters<typeof styleText>[0];

/** How text is laid out on a screen. */
export interface Look {
  /** Infinite when the text goes to a file or a pipe. */
  readonly columns: number;
  /** Colours a text, if the terminal has colours and `NO_COLOR` is not set. */
  readonly paint: (style: Style, text: string) => string;
  /** Breaks a line at spaces so that it fits. The rest goes under the last column of the line. */
  readonly fit: (line: string) => string;
}

/** The look of plain text: no colours, and lines of any length. */
export const plain: Look = { columns: Infinity, paint: (_, text) => text, fit: line => line };

export const lookOf = (screen: Screen, environment: object = process.env): Look => {
  if (!(screen instanceof WriteStream)) return plain;
  const { columns } = screen;
  return {
    columns,
    // hasColors() obeys NO_COLOR, and knows what TERM stands for.
    paint: screen.hasColors(environment)
      ? (style, text) => styleText(style, text, { validateStream: false })
      : plain.paint,
    fit: line => fitted(line, columns),
  };
};

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Two or more spaces separate columns. A line without them is continued with an indent of two spaces. */
const fitted = (line: string, columns: number): string => {
  if (widthOf(line) <= columns) return line;
  const [head = ''] = /^\s*(?:\S+ {2,})*/.exec(line) ?? [];
  const indent = ' '.repeat(widthOf(head) || 2);
  const lines: string[] = [];
  let last = head;
  for (const word of line.slice(head.length).split(' ')) {
    const longer = last.endsWith(' ') ? last + word : `${last} ${word}`;
    if (last.trim() === '' || widthOf(longer) <= columns) last = last === '' ? word : longer;
    else {
      lines.push(last);
      last = indent + word;
    }
  }
  return [...lines, last].join('\n');
};
