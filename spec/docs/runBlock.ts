import { expect } from '@jest/globals';
import { formatWithOptions } from 'node:util';

/** How long a block may go on printing after its last line, in ms. */
const patience = 3_000;

/**
 * Runs a block of a page, and compares what each of its lines printed with what `expected` says of it.
 *
 * A line that printed several times is compared with all of it, joined by `, `; one that printed nothing, with `(nothing)`.
 * A block that shows nothing fails, because nothing would detect that it is wrong.
 */
export const runBlock = async (
  block: (log: (line: number, ...values: readonly unknown[]) => void) => Promise<void>,
  expected: ReadonlyMap<number, string>,
): Promise<void> => {
  if (expected.size === 0) throw new Error('This block shows nothing: let it print, console.log(x) // expected.');
  const printed = new Map([...expected.keys()].map((line): [number, string[]] => [line, []]));
  const found = (): string => report([...printed].map(([line, texts]) => [line, texts.join(', ') || '(nothing)']));
  const wanted = report([...expected]);

  await block((line, ...values) => {
    printed.get(line)?.push(formatWithOptions({ breakLength: Infinity }, ...values));
  });
  // What it began without awaiting it may print a little later: on a timer, after a file was read.
  const deadline = Date.now() + patience;
  do await new Promise(resolve => setTimeout(resolve, 5));
  while (found() !== wanted && Date.now() < deadline);
  expect(found()).toBe(wanted);
};

const report = (lines: readonly (readonly [number, string])[]): string =>
  lines.map(([line, text]) => `line ${line}: ${text}`).join('\n');
