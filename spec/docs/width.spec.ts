import { describe, expect, test } from '@jest/globals';
import { text, writtenPages } from './writtenPages.js';

/** What the site shows in one line of a block at a window of 1280 pixels; `docs/.vitepress/theme/site.css` sets its font. */
const COLUMNS = 80;

/** Lines of blocks, each with its place. */
const linesOfBlocks = (page: string): readonly string[] => {
  let inBlock = false;
  return text(page)
    .split('\n')
    .flatMap((line, index) => {
      const isFence = /^\s*`{3,}/.test(line);
      if (isFence) inBlock = !inBlock;
      return inBlock && !isFence && [...line].length > COLUMNS ? [`line ${index + 1}: ${line}`] : [];
    });
};

describe('blocks of code are no wider than the site shows', () => {
  test.each([...writtenPages, 'CHANGELOG.md', 'examples/README.md'])('%s', page => {
    expect(linesOfBlocks(page)).toEqual([]);
  });
});
