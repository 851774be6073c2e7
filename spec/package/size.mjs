// What a browser loads of each entry that runs there, and of the broker alone: bundled by esbuild, minified, without rxjs, io-ts
// and fp-ts. Bundling for the browser also refuses whatever needs node:*. `size-limit` then weighs them.
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
  entryPoints: entries.filter(entry => entry !== 'node').map(entry => `dist/esm/${entry}.js`),
  outdir,
});
await build({
  ...options,
  stdin: { contents: "export { eventBroker } from './dist/esm/index.js';", resolveDir: '.' },
  outfile: `${outdir}/eventBroker.js`,
});
