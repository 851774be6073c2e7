import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Client } from 'pg';
import { hashOf } from '../chainOf.js';
import { killChain, STEPS } from './killChain.js';

/** A kill: at a step of a block, or some ms after the child's first step if that is earlier. */
export interface Kill {
  readonly at: string;
  readonly afterMs?: number;
}

export interface Killing {
  /** The step in which each kill hit the child, in order; `finished` if it came too late. */
  readonly met: readonly string[];
  /** How often a restart was rejected, because the transaction of the previous run was still dying. */
  readonly conflicts: number;
}

const TABLES = [
  'create table inserted (value integer)',
  'create table flushed (value integer)',
  // slow enough to be killed in
  'create materialized view totals as select sum(value) as sum, (select pg_sleep(0.02))::text as slept from inserted',
];

/** The block that kill number `i` is meant for: the twin first, then a block a kill. No kill lets the child go past it. */
const blockOf = (i: number): string =>
  i === 0 ? `1 ${hashOf(1, true).toLowerCase()}` : `${i} ${hashOf(i).toLowerCase()}`;

/**
 * `count` kills, one a block: two in a row at each step of a block's life, so that both first blocks are met, and random
 * instants in between, before the next block. `random` gives numbers from 0 to 1.
 */
export const killsFor = (count: number, random: () => number): readonly Kill[] =>
  Array.from({ length: count }, (_, i): Kill => {
    const turn = i % (STEPS.length + 4);
    // between the two first blocks
    if (i === 0) return { at: `emitted ${blockOf(0)}` };
    if (turn < STEPS.length) return { at: `${STEPS[turn]!} ${blockOf(i)}` };
    return { at: `begin ${blockOf(i + 1)}`, afterMs: random() * 60 };
  });

/** Runs the child, killed at each of `kills` in turn, then to its end; checks that every row is there once. */
export const runKilled = async (
  url: string,
  client: Client,
  kills: readonly Kill[],
  say: (line: string) => void = () => undefined,
): Promise<Killing> => {
  const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-kill-'));
  const child = join(folder, 'child.mjs');
  buildSync({
    entryPoints: [join(process.cwd(), 'spec/store/kill/killableChild.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  for (const table of TABLES) await client.query(table);
  const blocks = kills.length + 1;
  const met: string[] = [];
  let conflicts = 0;
  const run = async (kill?: Kill): Promise<string> => {
    for (;;) {
      const { last, code, stderr } = await runOnce(child, url, blocks, kill);
      if (code === 3 && stderr.includes('another writer')) conflicts++;
      else if (code === null) return last;
      else if (code === 0) return 'finished';
      else throw new Error(`expected a child that stores, found exit ${code} after "${last}": ${stderr}`);
    }
  };
  try {
    for (const kill of kills) {
      const where = await run(kill);
      met.push(where);
      say(where);
    }
    if ((await run()) !== 'finished') throw new Error('expected the last run to finish');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await checkOnce(client, blocks);
  return { met, conflicts };
};

const runOnce = (
  child: string,
  url: string,
  blocks: number,
  kill: Kill | undefined,
): Promise<{ readonly last: string; readonly code: number | null; readonly stderr: string }> =>
  new Promise((resolve, reject) => {
    const target = kill?.at;
    const process_ = spawn(process.execPath, [child, url, String(blocks), ...(target === undefined ? [] : [target])]);
    let stdout = '';
    let stderr = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const steps = (): readonly string[] => stdout.split('\n').slice(0, -1);
    process_.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      if (target !== undefined && steps().at(-1) === target) process_.kill('SIGKILL');
      else if (kill?.afterMs !== undefined) timer ??= setTimeout(() => process_.kill('SIGKILL'), kill.afterMs);
    });
    process_.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    process_.on('error', reject);
    process_.on('close', code => {
      clearTimeout(timer);
      resolve({ last: steps().at(-1) ?? 'nothing', code, stderr });
    });
  });

/** Every block exactly once, and what was inserted and what was flushed equal to the chain. */
const checkOnce = async (client: Client, blocks: number): Promise<void> => {
  const values = killChain(blocks)
    .flatMap(event => (event.type === 'Row' ? [event.value] : []))
    .sort((a, b) => a - b)
    .join();
  for (const table of ['inserted', 'flushed']) {
    const { rows } = await client.query<{ all: string }>(
      `select string_agg(value::text, ',' order by value) as all from ${table}`,
    );
    if (rows[0]?.all !== values) throw new Error(`${table}: expected ${values}, found ${String(rows[0]?.all)}`);
  }
  const { rows } = await client.query<{ heights: string }>(
    `select string_agg(height::text, ',' order by height) as heights from block_store_blocks`,
  );
  const heights = Array.from({ length: blocks }, (_, i) => i + 1).join();
  if (rows[0]?.heights !== heights) throw new Error(`blocks: expected ${heights}, found ${String(rows[0]?.heights)}`);
};
