// What `npm run mutate` runs, thousands of times in one process: its specs, and all that they stand on, as one file.
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const spec = join(import.meta.dirname, '..');
// Those that take longest come last, but for that of hundreds of thousands of events: a mutant that it alone sees is not worth
// the minutes.
const last = ['operators/laws.spec.ts', 'model/broker.spec.ts'];
const never = ['broker/many.spec.ts'];
// They call what the broker has for them alone: its records, and the context of a `send`.
const users = ['inspect/kinds.spec.ts', 'inspect/model.spec.ts', 'process/asyncContext.spec.ts'];
const others = ['event', 'flow', 'operators', 'broker']
  .flatMap(folder => readdirSync(join(spec, folder), { recursive: true }).map(name => `${folder}/${name}`))
  .filter(name => name.endsWith('.spec.ts') && !name.endsWith('.esm.spec.ts'))
  .filter(name => !last.includes(name) && !never.includes(name));

const first = [
  "import './mutation/afterEach.js';",
  "import './flow/invariants.js';",
  "import { load } from './mutation/jestGlobals.js';",
];
const loads = [...others, ...users, ...last].map(name => `load('${name}', () => require('./${name}'));`);

/** Stryker puts its functions into each file, and calls them at each step. Those of `mutants.ts` are three times as fast. */
const mutants = {
  name: 'mutants',
  setup({ onLoad }) {
    onLoad({ filter: /\/lib\/.+\.ts$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8')
        .replace(
          /^function stryNS_9fa48\(\) \{.+?\n\}\nstryNS_9fa48\(\);\n(?:function stry\w+_9fa48\(.*?\) \{.+?\n\}\n)+/ms,
          '',
        )
        .replaceAll(/\bstryMutAct_9fa48\("(\d+)"\)/g, '(mutants_.active === $1 && mutants_.hit())')
        .replaceAll(
          /\bstryCov_9fa48\((.+?)\)/g,
          (_, ids) => `(--mutants_.left < 0 && mutants_.cover(${ids.replaceAll('"', '')}))`,
        );
      if (/stry\w+_9fa48/.test(code)) throw new Error(`${path}: Stryker's code has changed`);
      const contents = code.includes('mutants_')
        ? `import { mutants as mutants_ } from '${join(import.meta.dirname, 'mutants.js')}';\n${code}`
        : code;
      return { contents, loader: 'ts' };
    });
  },
};

await build({
  stdin: { contents: [...first, ...loads].join('\n'), resolveDir: spec },
  // as deep as the specs are, for those that read files of the project
  outfile: join(spec, '../.stryker-tmp/mutation/specs.cjs'),
  bundle: true,
  platform: 'node',
  ignoreAnnotations: true,
  alias: { '@jest/globals': join(import.meta.dirname, 'jestGlobals.ts') },
  external: ['@jest/expect-utils', 'expect', 'jest-each', 'jest-mock', '@jest/fake-timers'],
  define: { 'process.env.MUTATE': '"yes"' },
  plugins: [mutants],
});
