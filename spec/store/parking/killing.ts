import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Runs the program until `until`, then kills it; the lines that it wrote. Without `until`, until it ends by itself. */
const runProgram = (args: readonly string[], until: ((lines: number) => boolean) | undefined) =>
  new Promise<readonly string[]>((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      if (until?.(stdout.split('\n').length - 1) === true) child.kill('SIGKILL');
    });
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', code => {
      if (code === (until === undefined ? 0 : null)) resolve(stdout.split('\n').slice(0, -1));
      else reject(new Error(`the program ended with ${String(code)}: ${stderr}`));
    });
  });

export interface Killed {
  readonly parked: number;
  readonly repeats: number;
  /** Kills that hit a replay with events that it had given and not removed. */
  readonly inWork: number;
}

/**
 * `count` programs that share a parking, each killed after a random number of lines, then one that drains it.
 *
 * Throws if an event is lost, if one that was removed comes again, or if events of a key come in another order than they were
 * sent.
 */
export const killParkings = async (where: string, count: number, random: () => number): Promise<Killed> => {
  const directory = mkdtempSync(join(tmpdir(), 'rx-event-broker-parking-'));
  const program = join(directory, 'parking.mjs');
  buildSync({
    entryPoints: [join(process.cwd(), 'spec/store/parking/killableParking.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  });
  const went = new Set<number>();
  /** Went, and known to be removed from the parking. */
  const gone = new Set<number>();
  const tally = { repeats: 0, inWork: 0 };
  const lastOf = new Map<number, number>();
  let next = 1;
  const take = (lines: readonly string[]): void => {
    let open: number[] = [];
    // the one that was being parked when the program before was killed may be parked twice
    const twice = next;
    for (const line of lines) {
      const [what, text] = line.split(' ');
      const n = Number(text);
      if (what === 'parked') {
        if (n !== next) throw new Error(`expected ${next} to be parked, found ${n}`);
        next++;
      } else if (what === 'removed') {
        for (const each of open) gone.add(each);
        open = [];
      } else {
        if (gone.has(n) && n !== twice) throw new Error(`${n} was removed, and came again`);
        if (went.has(n)) tally.repeats++;
        else if (n < (lastOf.get(n % 3) ?? 0)) throw new Error(`${n} came after ${lastOf.get(n % 3)!}`);
        lastOf.set(n % 3, Math.max(n, lastOf.get(n % 3) ?? 0));
        went.add(n);
        open.push(n);
      }
    }
    if (open.length > 0) tally.inWork++;
  };
  try {
    for (let n = 0; n < count; n++) {
      const most = 20 + Math.floor(random() * 60);
      take(await runProgram([program, where, String(next)], lines => lines >= most));
    }
    take(await runProgram([program, where, String(next), 'drain'], undefined));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const lost = Array.from({ length: next - 1 }, (_, i) => i + 1).filter(n => !went.has(n));
  if (lost.length > 0) throw new Error(`lost ${lost.join()}`);
  return { parked: next - 1, ...tally };
};
