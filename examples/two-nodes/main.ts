// core (a process) ──socket──► node (a process) ──► database
//                                   ▲
//                                   └── SIGKILL, and restarted
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isLeft } from 'fp-ts/lib/Either.js';
import { marketRun, type MarketTotals } from '../market/index.js';
import { type Compared, compareTotals } from '../store/compareTotals.js';
import { printCompared } from '../store/printCompared.js';
import { openDatabase } from '../store/openDatabase.js';
import type { Screen } from '../terminal/dashboard.js';
import { temporaryFolder } from '../terminal/temporaryFolder.js';
import { emptySchema } from './emptySchema.js';
import { type Program, start } from './program.js';
import { help, readOptions, type TwoNodesOptions } from './readOptions.js';

const program = (name: 'node' | 'core'): string => fileURLToPath(new URL(`../${name}/index.ts`, import.meta.url));

/** `npm run demo:node`: gives the exit code. */
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
  const folder = temporaryFolder('nodes');
  try {
    return await demo(read.right, folder.path, out);
  } catch (error) {
    err.write(`demo: ${(error as Error).message}\n`);
    return 1;
  } finally {
    folder.remove();
  }
};

const demo = async (options: TwoNodesOptions, directory: string, out: Screen): Promise<number> => {
  const { blocks, kills } = options;
  const databaseUrl = options.databaseUrl && (await emptySchema(options.databaseUrl, 'node_demo'));
  const environment = {
    RX_EVENT_BROKER_LEVEL: 'debug', // it prints each block that it has committed
    RX_EVENT_BROKER_DIRECTORY: directory,
    ...(databaseUrl && { RX_EVENT_BROKER_DATABASE_URL: databaseUrl }),
  };
  // If the port is 0, the system picks a free one. The next node uses the same port.
  const startNode = async (port: string): Promise<readonly [Program, port: string]> => {
    const node = start(program('node'), [], { ...environment, RX_EVENT_BROKER_SOCKET_CONFIG_PORT: port });
    return [node, await node.says(line => /listens on .*:(\d+)$/.exec(line)?.[1])];
  };

  let [node, port] = await startNode('0');
  const core = start(program('core'), ['--blocks', String(blocks), '--port', port]);
  try {
    for (let kill = 1; kill <= kills; kill++) {
      const height = await reached(node, Math.ceil((blocks * kill) / (kills + 1)));
      out.write(`block ${height} is committed; the node is killed: ${await node.kill('SIGKILL')}\n`);
      [node, port] = await startNode(port);
    }
    out.write(`the core ends with ${await core.ended}\n`);
    out.write(`the node is asked to stop, and ends with ${await node.kill('SIGTERM')}\n`);
  } finally {
    await Promise.all([node.kill('SIGKILL'), core.kill('SIGKILL')]);
  }
  return printCompared(await compare(databaseUrl, directory, blocks), out);
};

/** The first height, from this one on, that a node reports as committed. */
const reached = (node: Program, height: number): Promise<number> =>
  node.says(line => {
    const found = Number(/block (\d+)( is committed)?$/.exec(line)?.[1]);
    return found >= height ? found : undefined;
  });

const compare = async (url: string | undefined, directory: string, blocks: number): Promise<readonly Compared[]> => {
  const { client, close } = await openDatabase(url, join(directory, 'pglite'));
  try {
    return await compareTotals(client, simulated(blocks), blocks);
  } finally {
    await close();
  }
};

const simulated = (blocks: number): MarketTotals => {
  const { events, totals } = marketRun({ seed: 1, blocks, firstBlockTwice: true });
  Array.from(events); // it counts the events that are read
  return totals();
};
