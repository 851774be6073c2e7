import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const page = join(resolve(__dirname, '..'), 'docs/promises.md');

/** The numbers that docs/promises.md gives: lines that begin `- **B1** `. */
const promised = [...readFileSync(page, 'utf8').matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, number]) => number ?? '');

/** The numbers that names of tests begin with: strings such as 'B1 …', 'F2, F3 …', 'B5 and B6 …'; the letters are those of the page. */
const cited = new Map<string, string>();
for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.spec.ts') || join(__dirname, file) === __filename) continue;
  const names = readFileSync(join(__dirname, file), 'utf8').matchAll(/['"`]((?:[BCDEFLNORS]\d+(?:, | and |:? ))+)/g);
  for (const [, name = ''] of names) for (const [number] of name.matchAll(/[A-Z]\d+/g)) cited.set(number, file);
}

describe('docs/promises.md', () => {
  test('gives each number once', () => {
    expect(promised).not.toEqual([]);
    expect(promised.filter((number, index) => promised.indexOf(number) !== index)).toEqual([]);
  });

  test('promises nothing that no test cites', () => {
    expect(promised.filter(number => !cited.has(number))).toEqual([]);
  });

  test('knows every number that a test cites', () => {
    expect(
      [...cited].filter(([number]) => !promised.includes(number)).map(([number, file]) => `${number} in ${file}`),
    ).toEqual([]);
  });
});
