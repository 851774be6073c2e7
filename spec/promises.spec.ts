import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const page = join(resolve(__dirname, '..'), 'docs/promises.md');

const lines = readFileSync(page, 'utf8').split('\n');

/** A promise of the page, and the claims below it: `### B1: name`, then `- <a id="b1a"></a>**B1a** …`. */
interface Section {
  readonly number: string;
  readonly claims: string[];
}

const sections: Section[] = [];
for (const line of lines) {
  const number = /^### ([A-Z]\d+): \S/.exec(line)?.[1];
  if (number !== undefined) sections.push({ number, claims: [] });
  const claim = /^- <a id="\w+"><\/a>\*\*([A-Z]\d+[a-z])\*\* \S/.exec(line)?.[1];
  if (claim !== undefined) sections.at(-1)?.claims.push(claim);
}

const numbers = sections.map(({ number }) => number);
const claims = sections.flatMap(section => section.claims);
const anchors = lines.flatMap(line => [...line.matchAll(/<a id="(\w+)"><\/a>/g)]).map(([, id = '']) => id);

/**
 * What titles of tests begin with, and a file for each: strings such as 'B1 …', 'B3a …', 'F2, F3 …', 'B5 and B6 …'. The
 * letters are those of the page. Titles are in specs, and in the suites that several specs run.
 */
const cited = new Map<string, string>();
for (const file of readdirSync(__dirname, { recursive: true, encoding: 'utf8' })) {
  if (!/(\.spec|Suite)\.ts$/.test(file) || join(__dirname, file) === __filename) continue;
  const titles = readFileSync(join(__dirname, file), 'utf8').matchAll(
    /['"`]((?:[BCDEFIJKLNORSTWXY]\d+[a-z]?(?:, | and |:? ))+)/g,
  );
  for (const [, title = ''] of titles) {
    for (const [citation] of title.matchAll(/[A-Z]\d+[a-z]?/g)) cited.set(citation, file);
  }
}

describe('docs/promises.md', () => {
  test('gives each number once', () => {
    expect(numbers).not.toEqual([]);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
  });

  test('has the claims of a promise below it, lettered from a', () => {
    const lettered = ({ number, claims: { length } }: Section) =>
      Array.from({ length }, (_, index) => number + String.fromCharCode('a'.charCodeAt(0) + index));
    for (const section of sections) {
      expect(section.claims).not.toEqual([]);
      expect(section.claims).toEqual(lettered(section));
    }
  });

  test('has nothing but claims in bold', () => {
    const bold = lines.flatMap(line => [...line.matchAll(/\*\*([A-Z]\d+\w*)\*\*/g)]).map(([, name = '']) => name);
    expect(bold).toEqual(claims);
  });

  test('has an anchor for each promise and each claim, in the order of the page', () => {
    const named = sections.flatMap(section => [section.number, ...section.claims]).map(name => name.toLowerCase());
    expect(anchors).toEqual(named);
  });

  test('has for each claim a test that names it', () => {
    expect(claims.filter(claim => !cited.has(claim))).toEqual([]);
  });

  test('knows every number and every claim that a test cites', () => {
    const known = new Set([...numbers, ...claims]);
    expect(
      [...cited].filter(([citation]) => !known.has(citation)).map(([citation, file]) => `${citation} in ${file}`),
    ).toEqual([]);
  });
});
