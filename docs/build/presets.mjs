// The programs of the playground: those of docs/playground/presets, the complaints of docs/why.md, and the marble diagrams.
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

/** A program below its heading on the page. */
const complaints = () => {
  const page = read('docs/why.md');
  const lines = page.split('\n');
  return tsBlocks(page).map(({ code, line }, index) => {
    const heading = lines.slice(0, line).findLast(text => text.startsWith('## ')).slice(3);
    const text = lines.slice(lines.lastIndexOf(`## ${heading}`) + 1, line - 2).filter(each => each !== '');
    const header = [heading, '', ...text, '', 'The console shows what the comments say.'];
    return {
      id: `why/${index + 1}`,
      group: 'RxJS alone, then this library',
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

export const presets = () => [...own(), ...complaints(), ...marbles()];
