// Type-checks every ```ts block of the pages. Each is written out as a module of its own, with blank lines before it, so that
// the compiler's line numbers are those of the page.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pages, tsBlocks } from './blocks.mjs';

const folder = 'node_modules/.cache/docs';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const files = pages('.').flatMap(page =>
  tsBlocks(readFileSync(page, 'utf8')).map(({ line, code }) => {
    const file = `${page.replaceAll('/', '-').replace(/\.md$/, '')}.md.line-${line}.ts`;
    writeFileSync(`${folder}/${file}`, `${'\n'.repeat(line - 1)}${code}\nexport {};\n`);
    return file;
  }),
);
const config = { extends: '../../../tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: [], files };
writeFileSync(`${folder}/package.json`, '{ "type": "module" }\n');
writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config));
if (files.length > 0) {
  try {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], { stdio: 'inherit' });
  } catch {
    process.exitCode = 1;
  }
}
console.log(`${files.length} blocks of the docs type-checked`);
