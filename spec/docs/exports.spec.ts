import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.md') && !/(^|\/)(node_modules|api|reference)\//.test(file))
  .map(file => `docs/${file}`);
const fences = [...pages, 'README.md']
  .flatMap(page => [...read(page).matchAll(/```(?:ts|marbles)[^\n]*\n([\s\S]*?)```/g)].map(([, code = '']) => code))
  .join('\n');
/** What a codec of a payload reads is in the table of its page; a codec alike is executed there. */
const payloadTable =
  read('docs/vega.md')
    .match(/^\|.*\|$/gm)
    ?.join('\n') ?? '';
const errors = [...read('docs/errors.md').matchAll(/^#+ (\w+)$/gm)].map(([, name]) => name);

const word = (name: string, text: string): boolean => new RegExp(`\\b${name}\\b`).test(text);

/** The values that an entry exports: not its types, which the API report and the pages of their functions show. */
const valuesOf = (entry: string): readonly string[] =>
  [...read(`lib/${entry}`).matchAll(/^export \{([^}]*)\}/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map(name => name.trim())
    .filter(name => name !== '' && !name.startsWith('type '));

describe('every public value has an executed example, and every error an entry in docs/errors.md', () => {
  for (const entry of readdirSync(join(root, 'lib')).filter(file => file.endsWith('.ts'))) {
    test(`of ${entry}`, () => {
      const values = valuesOf(entry);
      expect(values).not.toEqual([]);
      expect(values.filter(name => !word(name, fences) && !errors.includes(name) && !word(name, payloadTable))).toEqual(
        [],
      );
    });
  }
});
