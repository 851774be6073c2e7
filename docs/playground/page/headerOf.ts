import type { Values } from '../Protocol.js';

/** A place that the text leads to: the values of sliders from the place before it on, and a time. */
export interface Step {
  readonly at: number;
  readonly set: Values;
  readonly text: string;
}

/** What a program says of itself: the comment that it begins with. */
export interface Header {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly steps: readonly Step[];
  /** Lines of it, to be folded. */
  readonly lines: number;
}

const STEP = /^at (\d+(?:\.\d+)?) ms((?:, [\w ]+ = -?\d+(?:\.\d+)?)*): (.*)$/;

/**
 * Reads the comment that a program begins with.
 *
 *     // The title
 *     //
 *     // A paragraph, of one line or several.
 *     //
 *     // at 40 ms: what is seen then
 *     // at 80 ms, work = 5: what is seen then, if the slider `work` is at 5 since 40 ms
 */
export const headerOf = (program: string): Header => {
  const all = program.split('\n');
  const end = all.findIndex(line => !line.startsWith('//'));
  const lines = (end === -1 ? all : all.slice(0, end)).map(line => line.slice(2).trim());
  const [title = '', ...rest] = lines;
  const blocks: string[] = [];
  let isOpen = false;
  for (const line of rest) {
    if (line === '') isOpen = false;
    else if (isOpen && !STEP.test(line)) blocks.push(`${blocks.pop()!} ${line}`);
    else {
      blocks.push(line);
      isOpen = true;
    }
  }
  return {
    title,
    paragraphs: blocks.filter(block => !STEP.test(block)),
    steps: blocks.flatMap(block => stepIn(block)),
    lines: lines.length,
  };
};

const stepIn = (block: string): readonly Step[] => {
  const [, at, settings = '', text = ''] = STEP.exec(block) ?? [];
  if (at === undefined) return [];
  const set = [...settings.matchAll(/, ([\w ]+) = (\S+)/g)].map(
    ([, name = '', value]) => [name, Number(value)] as const,
  );
  return [{ at: Number(at), set: Object.fromEntries(set), text }];
};
