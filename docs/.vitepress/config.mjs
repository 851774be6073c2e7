import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { figureOf } from './figureOf.mjs';

/** The anchors are those that the links of the pages, and the messages of the errors, are written for. */
const slugify = heading =>
  heading
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

/** The side bar is the index: its headings and the links below them. */
const sidebar = () => {
  const groups = [{ text: 'Start', items: [] }];
  for (const line of readFileSync(new URL('../README.md', import.meta.url), 'utf8').split('\n')) {
    const heading = /^## (.+)$/.exec(line);
    if (heading !== null) groups.push({ text: heading[1], items: [] });
    for (const [, text, link] of line.matchAll(/\[([^\]]+)\]\(([^)]+)\.md\)/g)) {
      groups.at(-1).items.push({ text, link: `/${link}` });
    }
  }
  return groups.filter(({ items }) => items.length > 0);
};

export default defineConfig({
  title: 'rx-event-broker',
  description: 'The event broker for RxJS: required subscribers lose nothing, optional ones slow nobody down.',
  // No icon is asked for in vain.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  outDir: '../node_modules/.cache/site',
  cacheDir: '../node_modules/.cache/vitepress',
  rewrites: { 'README.md': 'index.md' },
  markdown: {
    anchor: { slugify },
    config: md => {
      const { fence } = md.renderer.rules;
      md.renderer.rules.fence = (tokens, index, options, env, self) => {
        const token = tokens[index];
        if (token.info.trim() !== 'marbles') return fence(tokens, index, options, env, self);
        const block = { code: token.content.trimEnd(), line: (token.map?.[0] ?? 0) + 2 };
        return figureOf(block, code => md.render(`\`\`\`js\n${code}\n\`\`\``));
      };
    },
  },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Concepts', link: '/concepts' },
      { text: 'Promises', link: '/promises' },
      { text: 'Errors', link: '/errors' },
    ],
  },
});
