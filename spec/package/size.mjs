// What a browser loads of each entry that runs there: bundled by esbuild, minified, without rxjs, io-ts and fp-ts.
// `size-limit` then weighs the main entry, the store left out: who does not use it does not load it. Bundling for the browser also refuses whatever needs node:*.
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
  plugins: [
    {
      name: 'without the store',
      setup: build => {
        build.onResolve({ filter: /\/store\// }, ({ path }) => ({ path, external: true }));
      },
    },
  ],
  external: ['rxjs', 'rxjs/*', 'io-ts', 'io-ts/*', 'fp-ts', 'fp-ts/*'],
});
