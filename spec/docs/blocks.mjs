import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** All fenced blocks of a page. `info` is the text after the language, `line` the first line inside. */
const fencedBlocks = markdown => {
  const blocks = [];
  let open;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$/.exec(line);
    if (open === undefined && fence !== null) {
      const [language, ...info] = fence[3].split(/\s+/);
      open = { fence: fence[2], language, info: info.join(' '), line: index + 2, code: [] };
    } else if (open !== undefined && fence?.[2] === open.fence && fence[3] === '') {
      blocks.push({ ...open, code: open.code.join('\n') });
      open = undefined;
    } else if (open !== undefined) open.code.push(line);
  }
  if (open !== undefined) throw new Error(`line ${open.line - 1}: this block is not closed`);
  return blocks;
};

/**
 * The ```ts blocks of a page. `info` is what stands behind `ts` in the fence:
 * nothing, the block is run; `server`, it needs somebody else to talk to and is only type-checked.
 */
export const tsBlocks = markdown => {
  const blocks = fencedBlocks(markdown).filter(({ language }) => language === 'ts');
  for (const { info, line } of blocks) {
    if (!['', 'server'].includes(info)) throw new Error(`line ${line - 1}: expected ts or ts server, found ts ${info}`);
  }
  return blocks;
};

/** The ```marbles fences of a page: each is run, see marbles.mjs. */
export const marbleFences = markdown => fencedBlocks(markdown).filter(({ language }) => language === 'marbles');

/** README.md and every page under docs/, but for the API reports and the reference, which tools write. */
export const pages = root => [
  ...(existsSync(join(root, 'README.md')) ? ['README.md'] : []),
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .filter(file => file.endsWith('.md') && !/^(api|node_modules|reference|\.vitepress)\//.test(file))
    .map(file => `docs/${file}`)
    .sort(),
];

/** The pages that have something to run. */
export const runnablePages = root =>
  pages(root).filter(page => {
    const markdown = readFileSync(join(root, page), 'utf8');
    return tsBlocks(markdown).some(({ info }) => info === '') || marbleFences(markdown).length > 0;
  });
