// npm run bench -- async [processes]: `async` handlers, one and four required consumers, beside the queues that people use. In each
// process all queues run in turn, so that drift hits all.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { queues } from './async/queues.js';

const OURS = 'rx-event-broker';
/** Median ratio of ours to a peer, with one consumer and with four. */
const GOALS: Readonly<Record<string, readonly [number, number]>> = { fastq: [1, 1.4], 'Node streams': [2.5, 2.5] };

const rounds = Number(process.argv[3] ?? 5);
const root = join(import.meta.dirname, '../..');
// in the checkout, so that the packages of the peers are found
const folder = mkdtempSync(join(root, 'node_modules/.cache-bench-async-'));
const outfile = join(folder, 'child.mjs');
await build({
  entryPoints: [join(import.meta.dirname, 'async/child.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outfile,
  external: ['fastq', 'p-queue', 'rxjs'],
  logLevel: 'error',
});

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const spread = (values: readonly number[], digits: number): string =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} – ${Math.max(...values).toFixed(digits)})`;

interface Figures {
  readonly name: string;
  readonly rates: readonly number[];
  readonly growthMiB: number;
}

try {
  for (const consumers of [1, 4]) {
    const measured = Array.from({ length: rounds }, () => {
      const output = execFileSync(process.execPath, ['--expose-gc', outfile, `${consumers}`], { encoding: 'utf8' });
      return JSON.parse(output) as readonly Figures[];
    });
    const of = (name: string): readonly Figures[] => measured.map(figures => figures.find(it => it.name === name)!);
    const ratesOf = (name: string): readonly number[] => of(name).map(({ rates }) => median(rates) / 1e6);
    const ours = ratesOf(OURS);
    console.log(
      `\n${consumers} required, async handlers: million deliveries a second of processor time, heap growth in MiB, ours to it`,
    );
    for (const name of Object.keys(queues)) {
      const rates = ratesOf(name);
      const ratios = ours.map((rate, i) => rate / (rates[i] ?? NaN));
      const goal = GOALS[name]?.[consumers === 1 ? 0 : 1];
      console.log(
        `  ${name.padEnd(38)} ${spread(rates, 2).padEnd(22)} ` +
          `${median(of(name).map(({ growthMiB }) => growthMiB))
            .toFixed(1)
            .padStart(6)}   ` +
          `${spread(ratios, 2)} ×${goal === undefined ? '' : ` (goal ${goal})`}`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
