// Pages made of what lies outside docs/: README.md, CHANGELOG.md, and the sources of the examples.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = file => readFileSync(join(root, file), 'utf8');

const write = (page, text) => {
  const file = join(root, 'docs/reference', page);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

/** Links as the site has them: `docs/x.md` is /x.md there; what is not on the site stays a name. */
const onSite = markdown =>
  markdown
    .replace(/\]\(docs\/([^)]+)\)/g, '](/$1)')
    .replace(/\]\(CHANGELOG\.md\)/g, '](/reference/changelog.md)')
    .replace(/\[([^\]]+)\]\(LICENSE\)/g, '$1');

/** Sources as wide as the site shows them. */
const source = async file => {
  const options = await resolveConfig(join(root, file));
  const language = file.endsWith('.html') ? 'html' : 'ts';
  const code = await format(read(file), { ...options, filepath: file, printWidth: 80 });
  return `\`\`\`${language}\n${code}\`\`\``;
};

const example = async (folder, how, what) => {
  const files = readdirSync(join(root, 'examples', folder)).sort((a, b) =>
    // What it shows comes first, what runs it last.
    [a, b].includes('main.ts')
      ? a === 'main.ts'
        ? -1
        : 1
      : [a, b].includes('index.ts')
        ? a === 'index.ts'
          ? 1
          : -1
        : 0,
  );
  const parts = await Promise.all(
    files.map(async file => `## ${file}\n\n${await source(`examples/${folder}/${file}`)}\n`),
  );
  const title = what.charAt(0).toUpperCase() + what.slice(1);
  write(`examples/${folder}.md`, `# ${folder}\n\n${title}. To run it: ${how}\n\n${parts.join('\n')}`);
};

/** The rows of the two tables of examples/README.md. */
const examples = [...read('examples/README.md').matchAll(/^\| \[([\w-]+)\]\(\1\) +\| (.+?) +\| (.+?) +\|$/gm)].map(
  ([, folder, how, what]) => ({ folder, how, what }),
);

export const writeCopies = async () => {
  write('readme.md', `---\ntitle: Readme\n---\n\n${onSite(read('README.md'))}`);
  write('changelog.md', onSite(read('CHANGELOG.md')));
  write('examples/index.md', read('examples/README.md').replace(/\[([\w-]+)\]\(\1\)/g, '[$1]($1.md)'));
  for (const { folder, how, what } of examples) await example(folder, how, what);
};

export const exampleSidebar = [
  { text: 'Examples', link: '/reference/examples/' },
  ...examples.map(({ folder }) => ({ text: folder, link: `/reference/examples/${folder}` })),
];
