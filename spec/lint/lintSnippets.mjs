// Lints snippets as if each were that file, with the config of the project: `node lintSnippets.mjs '[{ code, file }, …]'`.
// A process of its own: eslint is made of ES modules, and loads its config itself.
import { ESLint } from 'eslint';
import { join, resolve } from 'node:path';
import { vocabularies } from './vocabularies.mjs';

const cwd = resolve(import.meta.dirname, '../..');
const eslint = new ESLint({ cwd });
const results = [];
for (const { code, file } of JSON.parse(process.argv[2])) {
  const [{ messages }] = await eslint.lintText(code, { filePath: join(cwd, file) });
  results.push(
    messages.map(({ ruleId, fix }) => ({
      rule: ruleId,
      fixed: fix && code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]),
    })),
  );
}
console.log(JSON.stringify({ results, exceptions: Object.keys(vocabularies) }));
