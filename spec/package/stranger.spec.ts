import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

/**
 * A stranger's project: the package as `npm pack` gives it, beside rxjs alone, and two test files of a user's.
 * No optional peer is installed.
 */
const project = realpathSync(mkdtempSync(join(tmpdir(), 'stranger-')));
const home = join(project, 'node_modules/rx-event-broker');

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** What a test says of a clock that is announced twice as fast as it is. */
const userTest = `
  test('the clock ticks every two milliseconds', () => {
    runMarbles(({ cold, expectObservable }) => {
      const ticks = { a: { type: 'Tick', n: 1 }, b: { type: 'Tick', n: 2 }, c: { type: 'Tick', n: 3 } };
      const clock$ = cold('--a--b--c|', ticks);

      expectObservable(clock$).toBe('--a-b-c|', ticks);
    });
  });
`;

beforeAll(() => {
  const built = join(project, 'built');
  // One file stays one file, as the compiler builds it for a release, which takes a minute where this takes a second.
  for (const format of ['esm', 'cjs']) {
    const outdir = join(built, 'dist', format);
    run('node_modules/esbuild/bin/esbuild', ['lib/**/*.ts', `--outdir=${outdir}`, `--format=${format}`], '.');
  }
  writeFileSync(join(built, 'dist/cjs/package.json'), '{ "type": "commonjs" }');
  cpSync('package.json', join(built, 'package.json'));
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], built),
  ) as { filename: string }[];
  mkdirSync(home, { recursive: true });
  run('tar', ['-xzf', join(project, packed?.filename ?? ''), '-C', home, '--strip-components=1'], project);
  for (const name of ['rxjs', 'jest']) {
    symlinkSync(resolve('node_modules', name), join(project, 'node_modules', name), 'dir');
  }
  writeFileSync(join(project, 'package.json'), '{ "name": "stranger", "jest": { "transform": {} } }');
  writeFileSync(
    join(project, 'clock.test.js'),
    `const { runMarbles } = require('rx-event-broker/testing');\n${userTest}`,
  );
  writeFileSync(
    join(project, 'clock.node.mjs'),
    `import test from 'node:test';\nimport { runMarbles } from 'rx-event-broker/testing';\n${userTest}`,
  );
}, 120_000);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

/** Without colours, times and the machine's own paths. */
const plain = (output: string): string =>
  output
    .replaceAll(project, '<project>')
    .replaceAll('file://', '')
    .replaceAll(ERRORS_PAGE, 'docs/errors.md')
    .replace(/\((?:\d+\.)?\d+ ?m?s\)/g, '(TIME)')
    .replace(/^\s+at .*node:.*?( \{)?$\n/gm, '')
    .replace(/^.*duration_ms.*$\n/gm, '')
    .replace(/^Time: .*$/gm, 'Time: TIME')
    .replace(/[ \t]+$/gm, '');

const report = (args: readonly string[]): string => {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined };
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8', env });
  expect(status).toBe(1);
  return plain(stdout + stderr);
};

test('jest in another project fails readably, at the line of the expectation', () => {
  expect(report(['node_modules/jest/bin/jest.js', '--colors=false'])).toMatchInlineSnapshot(`
   "FAIL ./clock.test.js
     ✕ the clock ticks every two milliseconds (TIME)

     ● the clock ticks every two milliseconds

       MarbleMismatchError: expectObservable: differs from its marbles at 4ms (docs/errors.md#marblemismatcherror)

         expected  --a-b-c|
         actual    --a--b--c|
                       ^ 4ms: expected b, found nothing until b at 5ms

          6 |       const clock$ = cold('--a--b--c|', ticks);
          7 |
       >  8 |       expectObservable(clock$).toBe('--a-b-c|', ticks);
            |       ^
          9 |     });
         10 |   });
         11 |

         at clock.test.js:8:7
         at Object.<anonymous> (clock.test.js:4:5)

   Test Suites: 1 failed, 1 total
   Tests:       1 failed, 1 total
   Snapshots:   0 total
   Time: TIME
   Ran all test suites.
   "
  `);
}, 60_000);

test('node:test in another project fails readably, with expected and actual', () => {
  expect(report(['--test', '--test-reporter=spec', 'clock.node.mjs'])).toMatchInlineSnapshot(`
   "✖ the clock ticks every two milliseconds (TIME)
     Error [MarbleMismatchError]: expectObservable: differs from its marbles at 4ms (docs/errors.md#marblemismatcherror)

       expected  --a-b-c|
       actual    --a--b--c|
                     ^ 4ms: expected b, found nothing until b at 5ms
         at <project>/clock.node.mjs:9:7
         at TestContext.<anonymous> (<project>/clock.node.mjs:5:5)
       expected: '--a-b-c|',
       actual: '--a--b--c|'
     }

   ℹ tests 1
   ℹ suites 0
   ℹ pass 0
   ℹ fail 1
   ℹ cancelled 0
   ℹ skipped 0
   ℹ todo 0

   ✖ failing tests:

   test at clock.node.mjs:4:3
   ✖ the clock ticks every two milliseconds (TIME)
     Error [MarbleMismatchError]: expectObservable: differs from its marbles at 4ms (docs/errors.md#marblemismatcherror)

       expected  --a-b-c|
       actual    --a--b--c|
                     ^ 4ms: expected b, found nothing until b at 5ms
         at <project>/clock.node.mjs:9:7
         at TestContext.<anonymous> (<project>/clock.node.mjs:5:5)
       expected: '--a-b-c|',
       actual: '--a--b--c|'
     }
   "
  `);
}, 60_000);

/** How a stranger loads an entry and uses it: as an ES module, or as a CommonJS one. */
const load = (format: 'import' | 'require', entry: string, use: string) => {
  const code =
    format === 'import' ? `import * as entry from '${entry}';\n${use}` : `const entry = require('${entry}');\n${use}`;
  const type = format === 'import' ? 'module' : 'commonjs';
  const args = [`--input-type=${type}`, '--eval', code];
  return spawnSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
};

/** A broker that sends and a decoder that decodes, which the main entry has. */
const useMain = `
  const broker = entry.eventBroker();
  broker.subscribe({ required: true, next: event => console.log(event.type) });
  const validate = value => ({ value });
  const decoder = entry.standardDecoder({ '~standard': { version: 1, vendor: 'mine', validate } });
  broker.send(decoder.decode(new TextEncoder().encode('{"type":"Tick"}')).right);
`;

describe.each(['import', 'require'] as const)('without fp-ts and io-ts: %s', format => {
  test.each([
    ['rx-event-broker', useMain, 'Tick'],
    ['rx-event-broker/nats', 'console.log(typeof entry.jetStreamSource)', 'function'],
    ['rx-event-broker/sql', 'console.log(typeof entry.sqlBlockStore)', 'function'],
    ['rx-event-broker/testing', 'console.log(typeof entry.runMarbles)', 'function'],
  ])('%s works', (entry, use, output) => {
    const { stdout, stderr } = load(format, entry, use);
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe(output);
  });

  test.each(['rx-event-broker/node', 'rx-event-broker/vega'])('%s says what is missing', entry => {
    expect(load(format, entry, '').stderr).toMatch(/Cannot find (package|module) '(fp-ts|io-ts)/);
  });
});
