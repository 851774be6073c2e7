import { WriteStream } from 'node:tty';

/** A terminal that does what `cli-progress` asks for: it moves, clears, and wraps lines, or cuts them while told not to wrap. */
export const terminalOf = (
  columns: number,
): { readonly stream: WriteStream; readonly lines: () => readonly string[] } => {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  let wraps = true;
  const put = (sign: string): void => {
    if (column === columns && wraps) {
      row++;
      column = 0;
    }
    const cell = Math.min(column, columns - 1);
    const line = (rows[row] ??= []);
    while (line.length < cell) line.push(' ');
    line[cell] = sign;
    column = Math.min(column + 1, columns);
  };
  const obey = (code: string): void => {
    const [, number = '', letter = ''] = /^\[\??(\d*)([A-Za-z])$/.exec(code) ?? [];
    const count = Number(number || 1);
    if (letter === 'A') row = Math.max(0, row - count);
    else if (letter === 'B') row += count;
    else if (letter === 'G') column = count - 1;
    else if (letter === 'K') (rows[row] ??= []).length = number === '' || number === '0' ? column : 0;
    else if (letter === 'J') {
      (rows[row] ??= []).length = column;
      rows.length = row + 1;
    } else if (number === '7') wraps = letter === 'h';
    else if (letter !== 'm' && number !== '25') throw new Error(`this terminal does not know ${JSON.stringify(code)}`);
  };
  const write = (text: string): boolean => {
    // eslint-disable-next-line no-control-regex -- control characters are the commands of terminals
    for (const [part, code] of text.matchAll(/\x1b(\[\??\d*[A-Za-z])|[^]/gu)) {
      if (code !== undefined) obey(code);
      else if (part === '\n') {
        row++;
        column = 0;
        rows[row] ??= [];
      } else if (part === '\r') column = 0;
      else put(part);
    }
    return true;
  };
  // A real one needs a file descriptor; what the programs look at is its class, its width and what is written.
  const stream = Object.create(WriteStream.prototype, {
    columns: { value: columns },
    rows: { value: 70 },
    isTTY: { value: true },
    write: { value: write },
  }) as WriteStream;
  return { stream, lines: () => Array.from(rows, line => (line ?? []).join('').trimEnd()) };
};
