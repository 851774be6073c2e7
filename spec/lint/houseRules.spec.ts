import { beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Snippet {
  readonly code: string;
  readonly file: string;
}

const file = 'lib/flow/serialize.ts';
const calls = 'declare const call: (value?: number) => void; declare const count: (value: number) => number;';
const own = 'export const serialize = 1;';
const seven = 'let a, b, c, d, e, f, g;';
const six = 'let a, b, c, d, e, f; for (let i = 0; i < 3; i++) a = () => { let g; return g; };';

/** What a rule rejects, what its fix writes instead, and what it accepts. */
const rows: readonly (readonly [rule: string, title: string, bad: string, fixed: string | undefined, good: string])[] =
  [
    [
      'house/void-arrows',
      'a void expression',
      `${calls} export const f = (): void => { call(); };`,
      `${calls} export const f = (): void => call();`,
      `${calls} export const f = (): void => call();`,
    ],
    [
      'house/void-arrows',
      'a callback',
      `${calls} [1].forEach(value => { call(value); });`,
      `${calls} [1].forEach(value => call(value));`,
      `${calls} [1].forEach(value => { count(value); });`,
    ],
    [
      'house/void-arrows',
      'not what may be a teardown',
      `${calls} const f: () => void = () => { call(); };`,
      `${calls} const f: () => void = () => call();`,
      `${calls} const f: () => (() => void) | void = () => { call(); };`,
    ],
    [
      'house/void-arrows',
      'not work',
      `${calls} const f: () => void = () => { call(); };`,
      `${calls} const f: () => void = () => call();`,
      `${calls} const f: () => unknown = () => { call(); };`,
    ],
    [
      'house/void-arrows',
      'not with a comment',
      `${calls} export const f = (): void => { call(); };`,
      `${calls} export const f = (): void => call();`,
      `${calls} export const f = (): void => { /* why */ call(); };`,
    ],
    [
      'house/plain-templates',
      'a number',
      'export const f = (n: number): string => `n ${String(n)}`;',
      'export const f = (n: number): string => `n ${n}`;',
      'export const f = (n: number): string => `n ${n}`;',
    ],
    [
      'house/plain-templates',
      'not an object',
      'export const f = (n: boolean): string => `n ${String(n)}`;',
      'export const f = (n: boolean): string => `n ${n}`;',
      'export const f = (n: object | undefined): string => `n ${String(n)}`;',
    ],
    [
      'no-restricted-syntax',
      'a private field',
      'export class C { private n = 1; }',
      undefined,
      'export class C { #n = 1; }',
    ],
    [
      'no-restricted-syntax',
      'a private method',
      'export class C { private go(): void {} }',
      undefined,
      'export class C { private constructor() {} }',
    ],
    [
      '@typescript-eslint/naming-convention',
      'a constant',
      'export const batchBytes = 64;',
      undefined,
      'export const BATCH_BYTES = 64;',
    ],
    [
      '@typescript-eslint/naming-convention',
      'not an object',
      "export const fileName = 'x';",
      undefined,
      'export const fileName = {};',
    ],
    [
      '@typescript-eslint/naming-convention',
      'a boolean variable',
      'export const f = (n: number): boolean => { const big = n > 1; return big; };',
      undefined,
      'export const f = (n: number): boolean => { const isBig = n > 1; return isBig; };',
    ],
    [
      '@typescript-eslint/naming-convention',
      'a boolean field',
      'export class C { #busy = false; }',
      undefined,
      'export class C { #isBusy = false; busy = false; }',
    ],
    [
      'house/few-lets',
      'seven let',
      `export const f = (): void => { ${seven} };`,
      undefined,
      `export const f = (): void => { ${six} };`,
    ],
    ['house/file-export', 'another name', 'export const Serialize = {};', undefined, own],
    ['house/file-export', 'a type', 'const serialize = {};', undefined, 'export type serialize = number;'],
  ];

describe('the rules of the house', () => {
  let results: readonly (readonly { readonly rule: string; readonly fixed?: string }[])[];
  let exceptions: readonly string[];

  beforeAll(() => {
    const snippets: Snippet[] = rows.flatMap(([, , bad, , good]) => [
      { code: bad, file },
      { code: good, file },
    ]);
    snippets.push({ code: 'export const errors = {};', file: 'lib/store/errors.ts' });
    const child = [join(__dirname, 'lintSnippets.mjs'), JSON.stringify(snippets)];
    ({ results, exceptions } = JSON.parse(execFileSync(process.execPath, child, { encoding: 'utf8' })) as {
      results: typeof results;
      exceptions: typeof exceptions;
    });
  }, 120_000);

  test.each(rows.map((row, i) => [...row, i] as const))('%s: %s', (rule, _title, _bad, fixed, _good, i) => {
    const [bad, good] = [results[2 * i], results[2 * i + 1]].map(found => found?.find(each => each.rule === rule));
    expect(bad).toBeDefined();
    expect(good).toBeUndefined();
    if (fixed !== undefined) expect(bad?.fixed).toBe(fixed);
  });

  test('house/file-export: an exception that is not needed', () => {
    expect(results.at(-1)?.map(({ rule }) => rule)).toContain('house/file-export');
  });

  test('every exception is a file', () => {
    const lib = resolve(__dirname, '../../lib');
    expect(exceptions.filter(path => !existsSync(join(lib, path.replace(/^lib\//, ''))))).toEqual([]);
  });
});
