import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
/** Files that git knows, or would take in; ignored ones do not count. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(file => file !== '' && existsSync(join(root, file)));

describe('the top level', () => {
  const agreed =
    /^(lib|spec|examples|docs|README\.md|LICENSE|CHANGELOG\.md|package\.json|package-lock\.json|tsconfig\.json)$/;
  const configuration =
    /^(\..+|(api-extractor|tsconfig\.[a-z]+|stryker\.config|babel\.config)\.json|[a-z]+(\.[a-z]+)?\.config\.js)$/;

  test('has the agreed files, and configuration files', () => {
    const entries = [...new Set(files.map(file => file.split('/')[0] ?? ''))];
    expect(entries.filter(entry => !agreed.test(entry) && !configuration.test(entry))).toEqual([]);
  });

  test('every file directly in lib/ is an entry of the package, and vice versa', () => {
    const { exports } = JSON.parse(text('package.json')) as { exports: Record<string, unknown> };
    const entries = readdirSync(join(root, 'lib')).filter(file => file.endsWith('.ts'));
    const names = entries.map(file => (file === 'index.ts' ? '.' : `./${file.slice(0, -'.ts'.length)}`));
    expect(Object.keys(exports).sort()).toEqual([...names, './package.json'].sort());
  });

  test('the lockfile names no registry', () => {
    expect(text('package-lock.json')).not.toMatch(/"resolved":|https?:\/\/registry/);
  });
});

describe('lib/', () => {
  const sources = files.filter(file => file.startsWith('lib/') && file.endsWith('.ts'));

  test('entry points are explicit named exports and nothing else', () => {
    const others = sources
      .filter(file => file.split('/').length === 2)
      .flatMap(file =>
        text(file)
          .replace(/export (type )?\{[^}]*\} from '\.\/[^']+\.js';|\/\*[^]*?\*\/|\/\/.*/g, '')
          .split('\n'),
      );
    expect(others.filter(line => line.trim() !== '')).toEqual([]);
  });

  test('the median file is under 80 lines', () => {
    const lengths = sources.map(file => text(file).split('\n').length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(80);
  });
});
