import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { anchorsOf, headingsOf, linksOf, root, text, under, writtenPages } from './writtenPages.js';

describe('links', () => {
  test.each(writtenPages)('%s leads to existing pages and headings', page => {
    const dead = linksOf(page)
      .filter(link => !/^[a-z]+:/.test(link))
      .filter(link => {
        const [path = '', anchor] = link.split('#');
        const file = path === '' ? page : normalize(join(dirname(page), path));
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor);
      });
    expect(dead).toEqual([]);
  });

  test('docs/README.md leads to every page, except the decisions', () => {
    const index = linksOf('docs/README.md');
    const missing = under('docs', '.md')
      .filter(page => writtenPages.includes(page) && !/^docs\/(README\.md$|index\.md$|decisions\/)/.test(page))
      .map(page => page.slice('docs/'.length))
      .filter(page => !index.includes(page));
    expect(missing).toEqual([]);
  });

  test('docs/decisions/README.md leads to every decision', () => {
    const index = linksOf('docs/decisions/README.md')
      .filter(link => /^\d/.test(link))
      .map(link => join('docs/decisions', link));
    const decisions = under('docs/decisions', '.md').filter(page => !page.endsWith('README.md'));
    expect(index).toEqual(decisions);
  });
});

describe('titles', () => {
  test.each(writtenPages)('%s begins with its only title', page => {
    const titles = headingsOf(page).filter(heading => heading.startsWith('# '));
    expect(titles).toHaveLength(1);
    expect(headingsOf(page)[0]).toBe(titles[0]);
    // Above it there may be front matter, and nothing else.
    expect(text(page).replace(/^---\n[^]*?\n---\n\s*/, '')).toMatch(/^# /);
  });
});
