import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { exampleSidebar } from '../build/copies.mjs';
import { marbleId } from '../build/presets.mjs';
import { referenceSidebar } from '../build/reference.mjs';
import { figureOf } from './figureOf.mjs';

const read = path => readFileSync(new URL(path, import.meta.url), 'utf8');
const { version, repository } = JSON.parse(read('../../package.json'));

/** Pages whose names mean something in a folder of files, and what they are called on the site. */
const rewrites = { 'README.md': 'contents.md', 'decisions/README.md': 'decisions/index.md' };

/** The anchors are those that the links of the pages, and the messages of the errors, are written for. */
const slugify = heading =>
  heading
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** The side bar is docs/README.md: its headings and the links below them. */
const sidebar = () => {
  const groups = [];
  for (const line of read('../README.md').split('\n')) {
    const heading = /^## (.+)$/.exec(line);
    if (heading !== null) groups.push({ text: heading[1], collapsed: heading[1] === 'Contributors', items: [] });
    for (const [, text, link] of line.matchAll(/^- \[([^\]]+)\]\(([^)]+\.md)\)/g)) {
      groups.at(-1).items.push({ text, link: `/${(rewrites[link] ?? link).replace(/(index)?\.md$/, '')}` });
    }
  }
  return groups.filter(({ items }) => items.length > 0);
};

/** Links to pages that have another name on the site. */
const renameLinks = md => {
  md.core.ruler.push('rename-links', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href === null || /^[a-z]+:/.test(href)) continue;
      const renamed = href.replace(/(^|\/)decisions\/README\.md/, '$1decisions/index.md');
      token.attrSet('href', renamed.replace(/(^|\/)README\.md/, '$1contents.md'));
    }
  });
};

/** The link below a diagram. The path of a page is that of its file. */
const openIn = ({ path }, index) => {
  const id = marbleId(relative(fileURLToPath(new URL('..', import.meta.url)), path), index);
  return `<OpenInPlayground id="${id}" />`;
};

/** Without a repository on the web, "edit" leads to what a contributor needs first. */
const editLink =
  repository.type === 'git' ? `${repository.url.replace(/^git\+|\.git$/g, '')}/edit/main/docs/:path` : undefined;

export default defineConfig({
  title: 'rx-event-broker',
  lang: 'en',
  description: 'The event broker for RxJS: required subscribers lose nothing, optional ones slow nobody down.',
  // No icon is asked for in vain.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  outDir: '../node_modules/.cache/site',
  cacheDir: '../node_modules/.cache/vitepress',
  srcExclude: ['api/**', 'build/**', 'playground/**', 'public/**'],
  rewrites,
  markdown: {
    anchor: { slugify },
    config: md => {
      renameLinks(md);
      const { fence } = md.renderer.rules;
      md.renderer.rules.fence = (tokens, index, options, env, self) => {
        const token = tokens[index];
        if (token.info.trim() !== 'marbles') return fence(tokens, index, options, env, self);
        const block = { code: token.content.trimEnd(), line: (token.map?.[0] ?? 0) + 2 };
        const before = tokens.slice(0, index).filter(({ info }) => info.trim() === 'marbles').length;
        const figure = figureOf(block, code => md.render(`\`\`\`js\n${code}\n\`\`\``));
        return figure.replace('</figure>', `${openIn(env, before)}</figure>`);
      };
    },
  },
  vue: { template: { compilerOptions: { isCustomElement: tag => tag === 'rx-playground' } } },
  themeConfig: {
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/audience', activeMatch: '^/(?!reference/|playground|$)' },
      { text: 'Playground', link: '/playground' },
      { text: 'Reference', link: '/reference/', activeMatch: '^/reference/(?!examples|changelog|readme)' },
      { text: 'Examples', link: '/reference/examples/', activeMatch: '^/reference/examples' },
      {
        text: version,
        items: [
          { text: 'Changelog', link: '/reference/changelog' },
          { text: 'Readme', link: '/reference/readme' },
          { text: 'Contributing', link: '/contributing' },
        ],
      },
    ],
    sidebar: {
      '/': sidebar(),
      '/reference/': [{ text: 'Reference', link: '/reference/', items: referenceSidebar() }],
      '/reference/examples/': exampleSidebar,
    },
    editLink: {
      pattern: editLink ?? '/contributing#change-a-page',
      text: editLink === undefined ? 'How to change this page' : 'Edit this page',
    },
    footer: { message: `rx-event-broker ${version}, under the Apache Licence 2.0` },
  },
});
