import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const root = resolve(__dirname, '../..');

/**
 * An example as one file of JavaScript, which starts sooner than its TypeScript. It is in a new folder inside the checkout, so that it
 * finds its packages; the caller removes the folder.
 */
export const bundled = (name: string): { readonly file: string; readonly folder: string } => {
  const folder = mkdtempSync(join(root, 'node_modules/.cache-example-'));
  const file = join(folder, `${name}.mjs`);
  try {
    buildSync({
      entryPoints: [join(root, `examples/${name}/index.ts`)],
      outfile: file,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      tsconfig: join(root, 'tsconfig.json'),
      logLevel: 'error',
    });
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return { file, folder };
};
