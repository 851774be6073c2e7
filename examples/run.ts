// npm run example -- NAME: runs one of the examples; without a name, or with one that is not there, it lists them.

/** In reading order, as in README.md. */
const examples = [
  'first',
  'slow-and-fast',
  'latest-prices',
  'payments',
  'bulk-writes',
  'late-subscribers',
  'pause-and-resume',
  'retry-and-dead-letters',
  'parking',
  'own-events',
  'big-file',
  'marble-test',
  'downstream',
  'shutdown-and-metrics',
  'loop',
  'push',
  'to-a-file',
  'react',
  'nestjs',
  'prometheus',
  'pino',
  'rabbitmq',
  'outbox',
  'browser',
  'stuck',
  'dashboard',
];

const [name] = process.argv.slice(2);
if (name !== undefined && examples.includes(name)) {
  await import(`./${name}/index.js`);
} else {
  const list = ['npm run example -- NAME, where NAME is one of', ...examples.map(example => `  ${example}`)].join('\n');
  if (name === undefined) console.log(list);
  else {
    console.error(`There is no example "${name}".\n${list}`);
    process.exitCode = 1;
  }
}
