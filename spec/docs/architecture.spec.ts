import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root, text, under } from './writtenPages.js';

const page = text('docs/architecture.md');
const rules = text('.dependency-cruiser.mjs');

/** The part of the page below a heading. */
const section = (heading: string): string => {
  const [, after] = page.split(`\n## ${heading}\n`);
  if (after === undefined) throw new Error(`docs/architecture.md has no heading "${heading}"`);
  return after.split('\n## ')[0]!;
};

const quoted = (list: string): readonly string[] => [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
const codeIn = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('the house matches .dependency-cruiser.mjs', () => {
  const [head = '', ...drawing] = (/```\n([^]*?)```/.exec(section('The house'))?.[1] ?? '').trimEnd().split('\n');
  const columns = [...head.matchAll(/\w+/g)].map(({ 0: name, index }) => ({ name, index, end: index + name.length }));
  const rows = drawing.map(line => ({
    folder: /\w+/.exec(line)?.[0] ?? line,
    marks: [...line.matchAll(/●/g)].map(({ index }) => index),
  }));

  test('its folders, in their order', () => {
    const house = /^const house = \[([^\]]+)\]/m.exec(rules)?.[1] ?? '';
    expect(quoted(house)).not.toEqual([]);
    expect(rows.map(({ folder }) => folder)).toEqual(quoted(house));
  });

  test('its entry points, and what each may name', () => {
    const entryPoints = /^const entryPoints = \{([^]+?)^\};/m.exec(rules)?.[1] ?? '';
    const allowed = [...entryPoints.matchAll(/^ {2}(\w+): \[([^\]]*)\]/gm)].map(([, entry, folders = '']) => ({
      entry,
      folders: quoted(folders),
    }));
    const drawn = columns.map(({ name, index, end }) => ({
      entry: name,
      folders: rows.filter(({ marks }) => marks.some(at => index <= at && at < end)).map(({ folder }) => folder),
    }));
    expect(drawn).toEqual(allowed);
    expect(drawn.flatMap(({ folders }) => folders)).toHaveLength(rows.flatMap(({ marks }) => marks).length);
  });

  test('its other rules', () => {
    const names = [...rules.matchAll(/name: '([^']+)'/g)].map(([, name]) => name);
    const listed = [...section('The house').matchAll(/^- `([^`]+)`: \S/gm)].map(([, name]) => name);
    expect(listed).toEqual(names);
  });

  test('every folder and subfolder of lib/ has its line', () => {
    const rooms = new Set(under('lib', '.ts').map(dirname));
    rooms.delete('lib');
    const lines = [...section('Folders').matchAll(/^ *- `([^`]+)`: \S/gm)].map(([, room = '']) => room);
    expect([...lines].sort()).toEqual([...rooms].sort());
    expect(lines.filter(room => dirname(room) === 'lib')).toEqual(rows.map(({ folder }) => `lib/${folder}`));
  });
});

describe('the walks lead through files that have the named parts', () => {
  const walks = ['An event, from `send`', 'A pause, from', 'A failure, from', 'A block, from'].map(begin => {
    const heading = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title).find(t => t.startsWith(begin));
    return [heading ?? begin] as const;
  });

  test.each(walks)('%s', heading => {
    const steps = section(heading).match(/^\d+\. [^]*?(?=\n\d+\. |\n\n)/gm) ?? [];
    expect(steps.length).toBeGreaterThan(5);
    const wrong = steps.flatMap(step => {
      const [, number = '', file = '', what = ''] = /^(\d+)\. `(lib\/[^`]+\.ts)`: ([^]+)$/.exec(step) ?? [];
      if (file === '' || !existsSync(join(root, file))) return [`no file: ${step}`];
      const code = text(file);
      return codeIn(what)
        .filter(name => !code.includes(name))
        .map(name => `step ${number}: ${name} is not in ${file}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('every file that the page names exists', () => {
  test.each([...new Set(codeIn(page).filter(code => /^(lib|spec)\//.test(code)))])('%s', file => {
    expect(existsSync(join(root, file))).toBe(true);
  });
});

describe('where a behaviour lives', () => {
  const row = /^\| (.+?) +\| `(lib\/[^`]+\.ts)`, \[([A-Z]\d+[a-z])\]\([^)]+\), `(spec\/[^`]+\.spec\.ts)` +\|$/;
  const [, , ...rows] = section('Where does a behaviour live?').match(/^\|.*\|$/gm) ?? [];
  const behaviours = rows.map(line => {
    const [, what = line, file = '', claim = '', spec = ''] = row.exec(line) ?? [];
    return { what, file, claim, spec };
  });

  test('the table is there', () => {
    expect(behaviours.length).toBeGreaterThan(20);
  });

  // that the files exist is checked above, and the claim by links.spec.ts
  test.each(behaviours)('$what: $claim', ({ claim, spec }) => {
    // its titles cite the claim, or the promise as a whole
    const cited = new RegExp(`['"\`]([A-Z]\\d+[a-z]?[ ,:]+(and )?)*${claim.slice(0, -1)}(${claim.at(-1)})?[ ,:]`);
    expect(text(spec).match(cited)).not.toBeNull();
  });
});
