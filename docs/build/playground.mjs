// The scripts of the playground: the element, the editor that it loads later, the worker, and the programs.
import { build } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { presets } from './presets.mjs';

const at = path => fileURLToPath(new URL(path, import.meta.url));

const shared = {
  bundle: true,
  minify: true,
  target: 'es2022',
  tsconfig: at('../../tsconfig.json'),
  legalComments: 'none',
};

/** Writes them into a folder. */
export const buildPlayground = async outdir => {
  const folder = at('../playground');
  await Promise.all([
    build({
      ...shared,
      entryPoints: { playground: join(folder, 'index.ts') },
      outdir,
      format: 'esm',
      splitting: true,
      chunkNames: '[name]-[hash]',
    }),
    build({
      ...shared,
      entryPoints: { runner: join(folder, 'runner/index.ts'), extras: join(folder, 'runner/extras.ts') },
      outdir,
      format: 'iife',
      // Names of functions and classes are part of what programs print.
      keepNames: true,
    }),
  ]);
  writeFileSync(join(outdir, 'presets.json'), JSON.stringify(presets()));
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPlayground(process.argv[2] ?? at('../public/play'));
