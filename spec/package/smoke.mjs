// Packs the package, unpacks it beside rxjs in an empty folder, and uses it there as a stranger would: by its name, from an ES
// module, from a CommonJS one, and in TypeScript that looks into declarations, too (`skipLibCheck` off). First the entries that
// need no optional peer, without any; then all of them, beside fp-ts and io-ts. Needs no network. Build first.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { entries, specifier } from './entries.mjs';

const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** The optional peers that an entry needs. */
const peersOf = { node: ['fp-ts', 'io-ts'], vega: ['fp-ts', 'io-ts'] };
const alone = entries.filter(entry => peersOf[entry] === undefined);

const esm = specifiers => `
import pkg from 'rx-event-broker/package.json' with { type: 'json' };
import { createRequire } from 'node:module';
const names = {};
for (const entry of ${specifiers}) names[entry] = Object.keys(await import(entry)).sort();
const own = createRequire(import.meta.url).resolve('rx-event-broker');
console.log(JSON.stringify({ version: pkg.version, own, names }));
`;
const cjs = specifiers => `
const names = {};
for (const entry of ${specifiers}) names[entry] = Object.keys(require(entry)).sort();
console.log(JSON.stringify({ version: require('rx-event-broker/package.json').version, own: require.resolve('rx-event-broker'), names }));
`;

const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-'));

/** Imports, requires and type-checks these entries in `folder`, where only what they need is installed. */
const use = some => {
  const specifiers = JSON.stringify(some.map(specifier));
  writeFileSync(join(folder, 'esm.mjs'), esm(specifiers));
  writeFileSync(join(folder, 'cjs.cjs'), cjs(specifiers));
  const typed = some.map((entry, i) => `import * as entry${i} from '${specifier(entry)}';\nvoid entry${i};`).join('\n');
  for (const name of ['typed.mts', 'typed.cts']) writeFileSync(join(folder, name), typed);
  const types = ['--typeRoots', resolve('node_modules/@types'), '--types', 'node'];
  run(
    process.execPath,
    [
      resolve('node_modules/typescript/bin/tsc'),
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      ...types,
      'typed.mts',
      'typed.cts',
    ],
    folder,
  );

  const imported = JSON.parse(run(process.execPath, ['--no-warnings', 'esm.mjs'], folder));
  const required = JSON.parse(run(process.execPath, ['cjs.cjs'], folder));
  for (const [how, { own }] of Object.entries({ imported, required })) {
    if (!own.includes('node_modules/rx-event-broker/'))
      throw new Error(`${how}: expected the packed package, found ${own}`);
  }
  for (const entry of some.map(specifier)) {
    const [a, b] = [imported.names[entry], required.names[entry]].map(names =>
      names.filter(name => name !== 'default').join(' '),
    );
    if (a !== b) throw new Error(`${entry}: import gives ${a}; require gives ${b}`);
    if (a === '') throw new Error(`${entry}: exports nothing at run time`);
    console.log(`${entry}: ${a.split(' ').length} names, imported and required`);
  }
};

try {
  const [{ filename, files }] = JSON.parse(
    run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], '.'),
  );
  const home = join(folder, 'node_modules/rx-event-broker');
  mkdirSync(home, { recursive: true });
  run('tar', ['-xzf', join(folder, filename), '-C', home, '--strip-components=1'], folder);
  const {
    dependencies = {},
    peerDependencies,
    peerDependenciesMeta,
  } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const needed = Object.keys({ ...dependencies, ...peerDependencies }).filter(
    name => !peerDependenciesMeta[name]?.optional,
  );
  if (needed.join() !== 'rxjs') throw new Error(`the package needs ${needed.join(', ')}, not rxjs alone`);
  // Its own dependencies are found beside where it really is.
  const link = name => symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name), 'dir');

  link('rxjs');
  use(alone);
  for (const peer of new Set(Object.values(peersOf).flat())) link(peer);
  use(entries);
  const strangers = files
    .map(({ path }) => path)
    .filter(path => !/^dist\/|^docs\/.+\.md$|^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(path));
  if (strangers.length > 0) throw new Error(`the package holds what it should not: ${strangers.join(', ')}`);
  console.log(`${filename}: ${files.length} files`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
