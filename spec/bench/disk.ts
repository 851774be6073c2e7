// npm run bench -- disk [MIB]: built as users have it, for what a loader of TypeScript holds makes each garbage collection dear.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = mkdtempSync(join(tmpdir(), 'bench-disk-'));
const rounds = join(folder, 'rounds.mjs');
try {
  await build({
    entryPoints: [join(import.meta.dirname, 'disk', 'rounds.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: rounds,
    logLevel: 'error',
  });
  const { status } = spawnSync(process.execPath, ['--expose-gc', rounds, ...process.argv.slice(3)], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
