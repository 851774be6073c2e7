import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = resolve(__dirname, '../..');

/** `npm run example`, without npm. */
const run = (...argv: readonly string[]): Promise<{ code: unknown; out: string; err: string }> =>
  new Promise(done => {
    execFile(process.execPath, ['--import', 'tsx', 'examples/run.ts', ...argv], { cwd: root }, (error, out, err) =>
      done({ code: error?.code ?? 0, out, err }),
    );
  });

const readme = readFileSync(join(root, 'examples/README.md'), 'utf8');
const inReadme = [...readme.matchAll(/npm run example -- (\S+?)`/g)].map(([, name]) => name!);

test('the README leads to every example', () => {
  const folders = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter(entry => entry.isDirectory());
  const linked = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, name]) => name);
  expect(linked.sort()).toEqual(folders.map(({ name }) => name).sort());
});

describe('npm run example', () => {
  test('without a name it lists the examples of the README, in their order', async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    const [, ...names] = out.trim().split(/\s*\n\s*/);
    expect(names).toEqual(inReadme);
  });

  test('lists them for an unknown name', async () => {
    const { code, out, err } = await run('frist');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^There is no example "frist"\.\n.*\n {2}first\n/);
  });

  test('runs one', async () => {
    expect(await run('first')).toEqual({ code: 0, out: 'save RX 42\nshow Price of RX\nshow Halt of RX\n', err: '' });
  });
});
