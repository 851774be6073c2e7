// The programs of the playground: those of docs/playground/presets, blocks of the guide and of docs/why.md, the marble diagrams.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marbleFences, pages, tsBlocks } from '../../spec/docs/blocks.mjs';
import { marbleProgram } from './marbleProgram.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = file => readFileSync(join(root, file), 'utf8');

/** Written for the playground: the number in the name of a file is its place. */
const own = () =>
  readdirSync(join(root, 'docs/playground/presets'))
    .sort()
    .map(file => ({
      id: /^\d+-(.+)\.ts$/.exec(file)[1],
      group: 'See it happen',
      program: read(`docs/playground/presets/${file}`),
    }));

/** The programs of a page, each with the text above it. */
const blocksOf = (page, group) => {
  const markdown = read(`docs/${page}.md`);
  const lines = markdown.split('\n');
  return tsBlocks(markdown)
    .filter(({ info }) => info === '')
    .map(({ code, line }, index) => {
      const before = lines.slice(0, line - 2);
      const heading = before.findLastIndex(text => /^#+ /.test(text));
      const text =
        before
          .slice(heading + 1)
          .join('\n')
          .replace(/```[^]*?```/g, '')
          .trim()
          .split(/\n{2,}/)
          .slice(-1)[0] ?? '';
      const plain = text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replace(/\*\*/g, '');
      const header = [
        before[heading].replace(/^#+ /, ''),
        '',
        ...plain.split('\n'),
        '',
        'The console shows what the comments say.',
      ];
      const isFirst = index === 0 || tsBlocks(markdown)[index - 1].line < heading;
      if (!isFirst) header[0] += ', continued';
      return {
        id: `${page}/${index + 1}`,
        group,
        program: `${header.map(each => `// ${each}`.trimEnd()).join('\n')}\n\n${code}\n`,
      };
    });
};

/** The id of a diagram: its page, and which one of the page it is, from 1. */
export const marbleId = (page, index) => `marbles/${page.replace(/^docs\/|\.md$/g, '')}/${index + 1}`;

const marbles = () =>
  pages(root).flatMap(page => {
    const markdown = read(page);
    const title = /^# (.+)$/m.exec(markdown)[1];
    return marbleFences(markdown).map((fence, index) => ({
      id: marbleId(page, index),
      group: 'The diagrams of the docs',
      program: marbleProgram(fence, `${title}, diagram ${index + 1}`),
    }));
  });

export const presets = () => [
  ...own(),
  ...blocksOf('why', 'RxJS alone, then this library'),
  ...['index', 'concepts', 'flow-control'].flatMap(page => blocksOf(page, 'The guide')),
  ...marbles(),
];
