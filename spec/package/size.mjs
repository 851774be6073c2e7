// What a browser loads of each entry that runs there, and of a part of the main entry: bundled by esbuild, minified, without
// rxjs, io-ts and fp-ts. Bundling for the browser also refuses whatever needs node:*. `size-limit` then weighs them.
import { build } from 'esbuild';
import { entries } from './entries.mjs';

const outdir = 'node_modules/.cache/size';
const options = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  external: ['rxjs', 'rxjs/*', 'io-ts', 'io-ts/*', 'fp-ts', 'fp-ts/*'],
};
await build({
  ...options,
  entryPoints: entries
    .filter(entry => !['node', 'nats', 'devtools'].includes(entry))
    .map(entry => `dist/esm/${entry}.js`),
  outdir,
});
// checksums, random names and the server are those of Node
await build({
  ...options,
  external: [...options.external, 'node:*'],
  entryPoints: ['dist/esm/nats.js', 'dist/esm/devtools.js'],
  outdir,
});
// who uses neither the store nor a strategy loads neither
await build({
  ...options,
  entryPoints: ['dist/esm/index.js'],
  outfile: `${outdir}/withoutStore.js`,
  plugins: [
    {
      name: 'without the store',
      setup: build => {
        build.onResolve({ filter: /\/(store|strategies|parking)\// }, ({ path }) => ({ path, external: true }));
      },
    },
  ],
});
const parts = { eventBroker: 'index', storeBlocks: 'index', keepLatestBy: 'index', sseSubscriber: 'web' };
for (const [name, entry] of Object.entries(parts)) {
  await build({
    ...options,
    stdin: { contents: `export { ${name} } from './dist/esm/${entry}.js';`, resolveDir: '.' },
    outfile: `${outdir}/${name}.js`,
  });
}
