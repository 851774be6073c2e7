// What a browser loads of each entry that runs there: bundled by esbuild, minified, without rxjs, io-ts and fp-ts. Bundling for
// the browser also refuses whatever needs node:*. `size-limit` then weighs the main entry.
import { build } from 'esbuild';
import { entries } from './entries.mjs';

await build({
  entryPoints: entries.filter(entry => entry !== 'node').map(entry => `dist/esm/${entry}.js`),
  outdir: 'node_modules/.cache/size',
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  external: ['rxjs', 'rxjs/*', 'io-ts', 'io-ts/*', 'fp-ts', 'fp-ts/*'],
});
