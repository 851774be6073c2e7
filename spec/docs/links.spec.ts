import { describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const under = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith(ending) && !file.startsWith('node_modules/'))
    .map(file => join(folder, file));

const pages = [...(existsSync(join(root, 'README.md')) ? ['README.md'] : []), ...under('docs', '.md')];
const withoutCode = (markdown: string): string => markdown.replace(/^(`{3,})[^]*?^\1$/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchors of a page, as the usual renderers make them of its headings. */
const anchors = (file: string): string[] =>
  [...text(file).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('links', () => {
  test.each(pages)('%s leads to pages and headings that are there', page => {
    const links = [...withoutCode(text(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const dead = links
      .filter(link => !/^[a-z]+:/.test(link))
      .filter(link => {
        const [path = '', anchor] = link.split('#');
        const file = path === '' ? page : normalize(join(dirname(page), path));
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && file.endsWith('.md') && !anchors(file).includes(anchor);
      });
    expect(dead).toEqual([]);
  });

  test('docs/README.md leads to every page, but for decisions, which pages lead to', () => {
    const index = text('docs/README.md');
    const missing = under('docs', '.md')
      .map(page => page.slice('docs/'.length))
      .filter(page => page !== 'README.md' && !page.startsWith('decisions/') && !index.includes(`](${page})`));
    expect(missing).toEqual([]);
  });

  test('every error has its heading in docs/errors.md, where its message sends the reader', () => {
    const named = under('lib', '.ts').flatMap(file =>
      [...text(file).matchAll(/seeDocs\(\s*'(\w+)'/g)].map(([, name = '']) => name),
    );
    expect(named).not.toEqual([]);
    const known = existsSync(join(root, 'docs/errors.md')) ? anchors('docs/errors.md') : [];
    expect([...new Set(named)].filter(name => !known.includes(name.toLowerCase()))).toEqual([]);
  });
});
