// The house: a folder of lib/ imports only from the folders that stand before it in this list.
const house = [
  'event',
  'flow',
  'source',
  'operators',
  'broker',
  'inspect',
  'process',
  'store',
  'nats',
  'web',
  'config',
  'testing',
  'vega',
  'timeline',
  'devtools',
];

// What each entry point may name. Entry points hold exports and nothing else, so this is what users can reach.
const entryPoints = {
  devtools: ['devtools'],
  index: ['event', 'flow', 'operators', 'broker', 'store'],
  inspect: ['event', 'flow', 'inspect'],
  nats: ['nats'],
  node: ['event', 'flow', 'source', 'inspect', 'process', 'config'],
  sql: ['store'],
  testing: ['testing'],
  timeline: ['timeline'],
  vega: ['vega'],
  web: ['web'],
};

const anyOf = names => `(?:${names.join('|')})`;

export default {
  forbidden: [
    ...house.slice(0, -1).map((folder, index) => ({
      name: `house-${folder}`,
      comment: `lib/${folder} imports only from folders above it: ${house.slice(0, index).join(', ') || 'none'}.`,
      severity: 'error',
      from: { path: `^lib/${folder}/` },
      to: { path: `^lib/${anyOf(house.slice(index + 1))}/` },
    })),
    ...Object.entries(entryPoints).map(([entry, folders]) => ({
      name: `entry-${entry}`,
      comment: `lib/${entry}.ts exports from ${folders.join(', ')} and from nowhere else.`,
      severity: 'error',
      from: { path: `^lib/${entry}\\.ts$` },
      to: { pathNot: `^lib/${anyOf(folders)}/` },
    })),
    {
      name: 'known-entries',
      comment:
        'The entry points are devtools, index, inspect, nats, node, sql, testing, timeline, vega and web; everything else in lib/ lives in a folder of the house.',
      severity: 'error',
      from: { path: '^lib/', pathNot: [`^lib/${anyOf(house)}/`, `^lib/${anyOf(Object.keys(entryPoints))}\\.ts$`] },
      to: {},
    },
    {
      name: 'no-import-of-entries',
      comment: 'lib/ does not import its own entry points: that would pull in everything, and make cycles.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^lib/[^/]+\\.ts$' },
    },
    {
      name: 'vega-by-its-entry',
      comment: 'The generic code never sees the protocol: only lib/vega.ts imports lib/vega/.',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/vega(/|\\.ts$)' },
      to: { path: '^lib/vega/' },
    },
    {
      name: 'node-where-allowed',
      comment:
        'node:* only in lib/source/disk, lib/source/socket, lib/process, lib/devtools and lib/nats (its checksums): all the rest runs in a browser.',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(source/(disk|socket)|process|devtools|nats)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'disk-format-is-pure',
      comment:
        'The formats of the disk are functions of bytes, so that a browser can read them and a test needs no file: no Node, and nothing that opens files.',
      severity: 'error',
      from: { path: '^lib/source/disk/format/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'disk-format-alone',
      comment: 'The formats of the disk know nothing of those who read and write them: they import only each other.',
      severity: 'error',
      from: { path: '^lib/source/disk/format/' },
      to: { path: '^lib/', pathNot: '^lib/source/disk/format/' },
    },
    {
      name: 'disk-recordings',
      comment: 'Reading recorded files needs no disk buffer; what both need lies in lib/source/disk itself.',
      severity: 'error',
      from: { path: '^lib/source/disk/recordings/' },
      to: { path: '^lib/source/disk/buffer/' },
    },
    {
      name: 'disk-buffer',
      comment: 'The disk buffer needs no recorded files; what both need lies in lib/source/disk itself.',
      severity: 'error',
      from: { path: '^lib/source/disk/buffer/' },
      to: { path: '^lib/source/disk/recordings/' },
    },
    {
      name: 'disk-shared',
      comment: 'What recordings and buffer share imports neither of them.',
      severity: 'error',
      from: { path: '^lib/source/disk/[^/]+\\.ts$' },
      to: { path: '^lib/source/disk/(recordings|buffer)/' },
    },
    {
      name: 'run-time-dependencies',
      comment: 'lib/ uses rxjs, fp-ts and io-ts, and nothing else at run time.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: 'node_modules/', pathNot: 'node_modules/(rxjs|fp-ts|io-ts|fast-check)/' },
    },
    {
      name: 'no-peers-needed',
      comment:
        'Who imports the broker, the store or the marble tests needs neither fp-ts nor io-ts, not even their types: they are peers of node and vega.',
      severity: 'error',
      from: { path: '^lib/(devtools|index|inspect|nats|sql|testing|timeline|web)\\.ts$' },
      to: { path: 'node_modules/(fp-ts|io-ts)/', reachable: true },
    },
    {
      name: 'fast-check-is-handed-over',
      comment: 'lib/testing knows the types of fast-check; whoever tests with it hands it over.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: 'node_modules/fast-check/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'fast-check-in-testing',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/testing/' },
      to: { path: 'node_modules/fast-check/' },
    },
    {
      name: 'lib-alone',
      comment: 'lib/ imports nothing from the specs and the examples.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(spec|examples|docs)/' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^(lib|examples)/' }, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true, // type imports count as well
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
