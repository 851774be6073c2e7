// npm run bench -- dispatch [rounds]: every bus and workload in a process of its own, in turn, so that drift hits all.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buses } from './dispatch/buses.js';
import { workloads } from './dispatch/workloads.js';

const OURS = 'rx-event-broker';
const FLOOR = 'Map of arrays (floor)';
const NAIVE = 'Subject + filter';
/** Hears only the types that were known beforehand: it stands beside a subscriber to all, and is no peer of it. */
const isListed = (bus: string): boolean => bus.endsWith('by each type');
const TO_ALL = ['W1', 'W2'];
/** Median ratio to the fastest peer, to the floor, to `Subject` + one `filter` a subscriber. */
const GOALS: Readonly<Record<string, readonly [number, number, number]>> = {
  W1: [3, 1, 5],
  W2: [1.4, 0.9, 2.5],
  W3: [1.1, 0.9, 80],
  W4: [1, 0.85, 180],
};

const rounds = Number(process.argv[3] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'bench-dispatch-'));
const entry = (name: string) => join(import.meta.dirname, 'dispatch', `${name}.ts`);
await build({
  entryPoints: [entry('child'), entry('flood')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  logLevel: 'error',
});
const run = (name: string, ...args: string[]): string =>
  execFileSync(process.execPath, [join(folder, `${name}.mjs`), ...args], { encoding: 'utf8' }).trim();

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const million = (value: number): string => (value / 1e6).toFixed(value < 1e6 ? 3 : 1).padStart(7);
const times = (value: number): string => `${value.toFixed(2)} ×`;

for (const [name, { title }] of Object.entries(workloads)) {
  const names = Object.keys(buses).filter(bus => TO_ALL.includes(name) || !isListed(bus));
  const figures = new Map(names.map(bus => [bus, [] as number[]]));
  const batches: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [bus, values] of figures) values.push(Number(run('child', bus, name)));
    batches.push(Number(run('child', OURS, name, 'batch')));
  }
  const ours = figures.get(OURS) ?? [];
  /** Round by round: both ran within the same minute. */
  const ratio = (to: readonly number[], of = ours): number =>
    median(of.map((value, round) => value / (to[round] ?? NaN)));
  const [fastest] = [...figures]
    .filter(([bus]) => bus !== OURS && bus !== FLOOR && !isListed(bus))
    .sort(([, a], [, b]) => median(b) - median(a));
  if (fastest === undefined) throw new Error('no peers');
  const [peer, peerValues] = fastest;

  console.log(`\n${name}  ${title}; million events a second: median (min – max)`);
  for (const [bus, values] of [...figures, [`${OURS}, batches of 100`, batches] as const])
    console.log(
      `  ${bus.padEnd(32)} ${million(median(values))}  (${million(Math.min(...values))} – ${million(Math.max(...values))})`,
    );
  const [toPeer, toFloor, toNaive] = GOALS[name] ?? [NaN, NaN, NaN];
  console.log(`  to the fastest peer, ${peer}: ${times(ratio(peerValues))} (goal ${times(toPeer)})`);
  for (const [bus, values] of figures) if (isListed(bus)) console.log(`  to ${bus}: ${times(ratio(values))}`);
  console.log(`  to the floor: ${times(ratio(figures.get(FLOOR) ?? []))} (goal ${times(toFloor)})`);
  console.log(`  to ${NAIVE}: ${times(ratio(figures.get(NAIVE) ?? []))} (goal ${times(toNaive)})`);
  console.log(`  batches to the fastest peer: ${times(ratio(peerValues, batches))} (goal ${times(1)})`);
}

for (const kind of ['required', 'optional']) {
  const flood = Array.from({ length: rounds }, () => {
    const stall = JSON.parse(run('flood', kind, 'stall')) as Record<string, number>;
    const { heapMiB } = JSON.parse(run('flood', kind, 'heap')) as Record<string, number>;
    return { ...stall, heapMiB };
  }) as Record<string, number>[];
  const show = (key: string): string => {
    const values = flood.map(of => of[key] ?? NaN);
    return `${key} ${median(values).toFixed(1)} (${Math.min(...values).toFixed(1)} – ${Math.max(...values).toFixed(1)})`;
  };
  console.log(`\nW5  200,000 events, a slow ${kind} subscriber: median (min – max)`);
  console.log(`  ${['seconds', 'fast', 'slow', 'most', 'stallMs', 'heapMiB'].map(show).join(' · ')}`);
  console.log(`  the slow one: ${JSON.stringify(flood[0]?.['tally'])}`);
}
rmSync(folder, { recursive: true });
