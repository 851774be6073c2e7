import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { buildSync } from 'esbuild';
import { connectTo, startServer, until } from '../natsServer.js';
import { numbers, publish } from './publishing.js';

export interface Killed {
  readonly messages: number;
  /** Messages that were given again, of all runs. */
  readonly repeats: number;
  /** Messages that were given after the position that the reader knew to be stored when it was killed, of all runs. */
  readonly unstored: number;
  /** Kills that hit a reader with messages that it had given and not settled. */
  readonly inWork: number;
  readonly serverKills: number;
}

/** Runs the reader until `until`, then kills it; the lines that it wrote. */
const runReader = (program: string, args: readonly string[], isOver: (lines: readonly string[]) => boolean) =>
  new Promise<readonly string[]>((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    const lines = (): readonly string[] => stdout.split('\n').slice(0, -1);
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
      if (isOver(lines())) child.kill('SIGKILL');
    });
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    child.on('error', reject);
    child.on('close', code => {
      if (code === null) resolve(lines());
      else reject(new Error(`expected the reader to be killed, found exit ${code}: ${stderr}`));
    });
  });

/**
 * Readers of one stream, one after the other, each killed after a random number of reports; with `serverKills` the server is
 * killed while they run, and started again. A last reader ends it.
 *
 * Throws if a message is lost or out of order, if one comes twice in a run, or if a reader repeats more than what its
 * predecessor had given since the stored position.
 */
export const runKilledReaders = async (
  binary: string,
  { kills, serverKills, random }: { kills: number; serverKills: number; random: () => number },
  told: (n: number, soFar: Killed) => void = () => undefined,
): Promise<Killed> => {
  const directory = mkdtempSync(join(tmpdir(), 'rx-event-broker-nats-'));
  const program = join(directory, 'reader.mjs');
  buildSync({
    entryPoints: [join(process.cwd(), 'spec/nats/source/killableReader.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  });
  const server = await startServer({ binary, syncInterval: 'always' });
  const nc = await connectTo(server.url);
  const manager = await jetstreamManager(nc, { checkAPI: false });
  await manager.streams.add({ name: 'K', subjects: ['k.>'] });

  let published = 0;
  const publishMore = async (count: number): Promise<void> => {
    await until('a publication', async () => {
      await publish(nc, 'k.a', numbers(count, published + 1), published + 1);
      return true;
    });
    published += count;
  };

  const tally = { repeats: 0, unstored: 0, inWork: 0, serverKills: 0 };
  let highest = 0;
  let stored = 0;
  const take = (lines: readonly string[]): void => {
    let last: number | undefined;
    let settled = 0;
    for (const line of lines) {
      const [what, text] = line.split(' ');
      const n = Number(text);
      if (what === 'stored') {
        if (n > settled && settled > 0) throw new Error(`${n} was stored, and only ${settled} settled`);
        stored = n;
      } else if (what === 'settled') settled = n;
      else {
        if (last === undefined && n <= stored) throw new Error(`${n} came again, and ${stored} was stored`);
        if (last !== undefined && n !== last + 1) throw new Error(`expected ${last + 1}, found ${n}`);
        if (n > highest + 1) throw new Error(`expected ${highest + 1} or less, found ${n}: lost`);
        if (n <= highest) tally.repeats++;
        highest = Math.max(highest, n);
        last = n;
      }
    }
    tally.unstored += highest - stored;
    if (last !== undefined && settled < last) tally.inWork++;
  };

  const args = [server.url, 'K', 'positions'];
  try {
    for (let n = 1; n <= kills; n++) {
      await publishMore(10 + Math.floor(random() * 40));
      const reports = Math.floor(random() * 60);
      const seen = highest;
      const running = runReader(
        program,
        args,
        lines => lines.length >= reports && lines.length > 0 && seen < published,
      );
      if (serverKills > 0 && random() < serverKills / kills) {
        tally.serverKills++;
        await server.kill();
        await server.start();
        await publishMore(60);
      }
      // enough for every number of reports: a message makes three
      await publishMore(40);
      take(await running);
      told(n, { ...tally, messages: published });
    }
    take(await runReader(program, args, lines => lines.includes(`stored ${published}`)));
  } finally {
    await nc.close();
    await server.remove();
    rmSync(directory, { recursive: true, force: true });
  }
  if (highest !== published) throw new Error(`expected all ${published} messages, found ${highest}`);
  return { ...tally, messages: published };
};
