import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Database } from '../sql/database.js';
import { NOTIFY, OUTBOX } from './consumer.js';

export interface Killed {
  /** Rows that were given again, of all runs. */
  readonly repeats: number;
  /** Rows that were given and whose deletion was not known to the reader when it was killed, of all runs. */
  readonly unsettled: number;
  readonly rows: number;
  /** Kills that hit a reader with rows that it had given and not settled. */
  readonly inWork: number;
}

/** Runs the reader until `until`, then kills it; the lines that it wrote. */
const runReader = (program: string, url: string, until: (lines: readonly string[]) => boolean | Promise<boolean>) =>
  new Promise<readonly string[]>((resolve, reject) => {
    const child = spawn(process.execPath, [program, url], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let isOver = false;
    const lines = (): readonly string[] => stdout.split('\n').slice(0, -1);
    const look = async (): Promise<void> => {
      while (!isOver && !(await until(lines()))) await new Promise(again => setTimeout(again, 1));
      child.kill('SIGKILL');
    };
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', code => {
      isOver = true;
      if (code === null) resolve(lines());
      else reject(new Error(`expected the reader to be killed, found exit ${code}: ${stderr}`));
    });
    look().catch(reject);
  });

/**
 * `count` readers of one outbox, each killed after it has given a random number of rows, while a writer goes on: three
 * connections at a time, of which some commit late and some roll back. A last reader ends it.
 *
 * Throws if a committed row is lost, if one that was rolled back is given, if a reader repeats more than what its
 * predecessor left unsettled, or if rows of one connection come in another order than it committed them.
 */
export const runKilledReaders = async (
  database: Database,
  count: number,
  random: () => number,
  killed: (n: number) => void = () => undefined,
): Promise<Killed> => {
  const directory = mkdtempSync(join(tmpdir(), 'rx-event-broker-outbox-'));
  const program = join(directory, 'reader.mjs');
  buildSync({
    entryPoints: [join(process.cwd(), 'spec/store/outbox/killableReader.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  });
  const admin = await database.connect();
  for (const ddl of [OUTBOX, ...NOTIFY]) await admin.query(ddl);

  const committed = new Set<string>();
  /** Who inserted it. */
  const writerOf = new Map<string, number>();
  let isWriting = true;
  let next = 0;
  const writer = async (name: number): Promise<void> => {
    const client = await database.connect();
    while (isWriting) {
      const payloads = Array.from({ length: 1 + Math.floor(random() * 4) }, () => String(++next));
      for (const payload of payloads) writerOf.set(payload, name);
      await client.query('begin');
      for (const payload of payloads) await client.query('insert into outbox (payload) values ($1)', [payload]);
      await new Promise(resolve => setTimeout(resolve, random() * 10));
      const commits = random() < 0.8;
      await client.query(commits ? 'commit' : 'rollback');
      if (commits) for (const payload of payloads) committed.add(payload);
    }
    await client.end();
  };
  const writers = [writer(0), writer(1), writer(2)];

  const given = new Set<string>();
  /** Given, and the reader did not learn that they were deleted. */
  const undeleted = new Set<string>();
  const tally = { repeats: 0, unsettled: 0, inWork: 0 };
  const take = (lines: readonly string[]): void => {
    const open = new Set<string>();
    const lastOf: number[] = [];
    let settled = 0;
    for (const line of lines) {
      const [what, payload = ''] = line.split(' ');
      if (what === 'deleted') {
        open.delete(payload);
        undeleted.delete(payload);
      } else if (what === 'settled') settled++;
      else {
        if (open.has(payload)) throw new Error(`expected each row once in a run, found ${payload} twice`);
        if (given.has(payload)) tally.repeats++;
        if (given.has(payload) && !undeleted.has(payload)) throw new Error(`${payload} was deleted, and came again`);
        const from = writerOf.get(payload) ?? 0;
        if (Number(payload) < (lastOf[from] ?? 0)) throw new Error(`${payload} came after ${lastOf[from]!}`);
        lastOf[from] = Number(payload);
        given.add(payload);
        open.add(payload);
        undeleted.add(payload);
      }
    }
    const count = lines.filter(line => line.startsWith('given')).length;
    tally.unsettled += open.size;
    if (settled < count) tally.inWork++;
  };

  try {
    for (let n = 1; n <= count; n++) {
      const rows = 1 + Math.floor(random() * 40);
      take(await runReader(program, database.url, lines => lines.length >= rows));
      killed(n);
    }
    isWriting = false;
    await Promise.all(writers);
    const isEmpty = async (): Promise<boolean> => (await admin.query('select from outbox limit 1')).rows.length === 0;
    take(await runReader(program, database.url, isEmpty));
  } finally {
    isWriting = false;
    await Promise.allSettled(writers);
    await admin.end();
    rmSync(directory, { recursive: true, force: true });
  }
  const lost = [...committed].filter(payload => !given.has(payload));
  const invented = [...given].filter(payload => !committed.has(payload));
  if (lost.length + invented.length > 0)
    throw new Error(`expected every committed row, lost ${lost.join()}, found ${invented.join()}`);
  return { ...tally, rows: committed.size };
};
