import { Worker } from 'node:worker_threads';
import { buildSync } from 'esbuild';
import { join } from 'node:path';
import type { Task } from './worker.js';

let code: string | undefined;

/** A real worker that runs `worker.ts`. */
export const workerOf = (task: Task, most: number): Worker => {
  code ??= buildSync({
    entryPoints: [join(process.cwd(), 'spec/web/worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  }).outputFiles[0]!.text;
  return new Worker(code, { eval: true, workerData: { task, most } });
};
