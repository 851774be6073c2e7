// core (a process) ──► NATS JetStream ──┬──► node a (a process) ──┐
//                                       └──► node b (a process) ──┴──► database
//                                                ▲
//                                                └── SIGKILL, and restarted
import { fileURLToPath } from 'node:url';
import { firstValueFrom, ReplaySubject } from 'rxjs';
import { isLeft } from 'fp-ts/lib/Either.js';
import { marketRun, type MarketTotals } from '../market/index.js';
import { type Compared, compareTotals } from '../store/compareTotals.js';
import { openDatabase } from '../store/openDatabase.js';
import { printCompared } from '../store/printCompared.js';
import type { Screen } from '../terminal/dashboard.js';
import { temporaryFolder } from '../terminal/temporaryFolder.js';
import { type Program, start } from '../two-nodes/program.js';
import { emptySchema } from '../two-nodes/emptySchema.js';
import { allOf } from './allOf.js';
import { makeAnew } from './cluster.js';
import { databaseOf } from './databaseOf.js';
import { connectTo, findServer } from './natsServer.js';
import { type ClusterOptions, help, readOptions } from './readOptions.js';

const program = (name: 'node' | 'core'): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));

/** `npm run demo:cluster`: gives the exit code. */
export const main = async (argv: readonly string[], out: Screen, err: Screen): Promise<number> => {
  const read = readOptions(argv);
  if (isLeft(read)) {
    err.write(`demo: ${read.left}\n`);
    return 1;
  }
  if (read.right === undefined) {
    out.write(help);
    return 0;
  }
  const folder = temporaryFolder('cluster');
  try {
    const server = await findServer(read.right.natsUrl, folder.path);
    try {
      return await demo(read.right, server.url, folder.path, out);
    } finally {
      server.stop();
    }
  } catch (error) {
    err.write(`demo: ${(error as Error).message}\n`);
    return 1;
  } finally {
    folder.remove();
  }
};

const demo = async (options: ClusterOptions, url: string, directory: string, out: Screen): Promise<number> => {
  const { blocks, partitions } = options;
  const databaseUrl = options.databaseUrl && (await emptySchema(options.databaseUrl, 'cluster_demo'));
  const connection = await connectTo(url);
  await makeAnew(connection);
  await connection.close();

  /** The last block of each partition, whichever node stored it. */
  const heights = new Map<number, number>();
  const whole$ = new ReplaySubject<void>(1);
  const startNode = (name: string): Program => {
    const node = start(program('node'), [
      name,
      url,
      String(partitions),
      directory,
      ...(databaseUrl ? [databaseUrl] : []),
    ]);
    const follow = (line: string): undefined => {
      const [, partition, height] = /^partition (\d+) block (\d+)$/.exec(line) ?? [];
      if (height !== undefined) heights.set(Number(partition), Number(height));
      const isDone = heights.size === partitions && [...heights.values()].every(last => last === blocks);
      if (isDone) whole$.next();
      const [, what, which] = /^(Acquired|Lost|Released) partition (\d+)$/.exec(line) ?? [];
      if (what !== undefined) out.write(`node ${name}: ${what.toLowerCase()} partition ${which}\n`);
    };
    // it ends when the node does
    void node.says(follow).catch(() => undefined);
    return node;
  };

  const core = start(program('core'), [url, String(blocks), String(partitions)]);
  let a = startNode('a');
  // the node that begins with all partitions may store all blocks before the other one gets any, so wait until node a has stored some
  await a.says(line => /^Acquired/.exec(line)?.[0]);
  const b = startNode('b');
  try {
    const height = await reached(a, Math.ceil(blocks / 4));
    out.write(`a partition of node a is at block ${height}; node a is killed: ${await a.kill('SIGKILL')}\n`);
    await Promise.race([
      b.says(line => /block (\d+)$/.exec(line)?.[1]),
      firstValueFrom(whole$, { defaultValue: undefined }),
    ]);
    a = startNode('a');
    out.write(`the core ends with ${await core.ended}\n`);
    await firstValueFrom(whole$, { defaultValue: undefined });
    await a.says(line => /^Acquired/.exec(line)?.[0]);
    const ends = await Promise.all([a.kill('SIGTERM'), b.kill('SIGTERM')]);
    out.write(`the nodes are asked to stop, and end with ${ends.join(' and ')}\n`);
  } finally {
    await Promise.all([core, a, b].map(one => one.kill('SIGKILL')));
  }
  return printCompared(await compare(options, databaseUrl, directory), out);
};

/** The first height from this one on that a node stores. */
const reached = (node: Program, height: number): Promise<number> =>
  node.says(line => {
    const found = Number(/block (\d+)$/.exec(line)?.[1]);
    return found >= height ? found : undefined;
  });

const compare = async (
  { blocks, partitions }: ClusterOptions,
  url: string | undefined,
  directory: string,
): Promise<readonly Compared[]> => {
  const all = Array.from({ length: url === undefined ? partitions : 1 }, (_, n) => databaseOf(url, directory, n));
  const databases = await Promise.all(all.map(([at, folder]) => openDatabase(at, folder)));
  try {
    const clients = databases.map(({ client }) => client);
    // each partition has each block
    return await compareTotals(allOf(clients), simulated(blocks), blocks * partitions);
  } finally {
    await Promise.all(databases.map(({ close }) => close()));
  }
};

const simulated = (blocks: number): MarketTotals => {
  const { events, totals } = marketRun({ seed: 1, blocks });
  Array.from(events); // it counts the events that are read
  return totals();
};
