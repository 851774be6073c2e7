import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '../..');

export const text = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The files of a folder with this ending. */
export const under = (folder: string, ending: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith(ending) && !file.startsWith('node_modules/'))
    .map(file => join(folder, file))
    .sort();

/** README.md and what people write under docs/: not the API reports, nor what the build of the site makes. */
export const writtenPages: readonly string[] = [
  'README.md',
  ...under('docs', '.md').filter(page => !/^docs\/(api|reference|\.vitepress)\//.test(page)),
];

const withoutCode = (markdown: string): string => markdown.replace(/^(`{3,})[^]*?^\1$/gm, '');

/** What a page links to, in the order of its text. */
export const linksOf = (page: string): readonly string[] =>
  [
    ...withoutCode(text(page))
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, link = '']) => link);

/** The headings of a page, with their signs: `## Install`. */
export const headingsOf = (page: string): readonly string[] => withoutCode(text(page)).match(/^#{1,6} .+$/gm) ?? [];

/** The anchors of a page: those that the usual renderers make of its headings, and those of its own (`<a id="b1"></a>`). */
export const anchorsOf = (page: string): readonly string[] => [
  ...headingsOf(page).map(heading =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  ),
  ...[...withoutCode(text(page)).matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = '']) => id),
];
