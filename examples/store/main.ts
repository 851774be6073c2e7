import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Screen } from '../terminal/dashboard.js';
import { temporaryFolder } from '../terminal/temporaryFolder.js';
import { compareTotals } from './compareTotals.js';
import { openDatabase, type OpenDatabase } from './openDatabase.js';
import { printCompared } from './printCompared.js';
import { help, readOptions, type StoreDemoOptions } from './readOptions.js';
import { runStore, SCHEMA } from './runStore.js';

/** `npm run demo:store`: returns the exit code. */
export const main = async (argv: readonly string[], out: Screen, err: Screen): Promise<number> => {
  const read = readOptions(argv);
  if (isLeft(read)) {
    err.write(`store: ${read.left}\n`);
    return 1;
  }
  const options = read.right;
  if (options === undefined) {
    out.write(help);
    return 0;
  }
  const folder = options.directory === undefined ? temporaryFolder('store') : undefined;
  try {
    if (folder !== undefined) return await demo(options, folder.path, argv, out);
    await inDatabase(options, options.directory!, database => runStore(database, options, out));
    return 0;
  } catch (error) {
    err.write(`store: ${(error as Error).message}\n`);
    return 1;
  } finally {
    folder?.remove();
  }
};

const demo = async (
  options: StoreDemoOptions,
  directory: string,
  argv: readonly string[],
  out: Screen,
): Promise<number> => {
  await inDatabase(options, directory, ({ client }) => client.query(`drop schema if exists ${SCHEMA} cascade`));
  if (options.killAt !== undefined) {
    const signal = await runVictim([...argv, '--victim-of', directory], out);
    out.write(`killed in the middle of block ${options.killAt}, or of the next one with a trade: ${signal}\n`);
  }
  return inDatabase(options, directory, async database => {
    const totals = await runStore(database, { ...options, killAt: undefined }, out);
    const compared = await compareTotals(database.client, totals, options.blocks);
    return printCompared(compared, out);
  });
};

const inDatabase = async <A>(
  { databaseUrl }: StoreDemoOptions,
  directory: string,
  use: (database: OpenDatabase) => Promise<A>,
): Promise<A> => {
  const database = await openDatabase(databaseUrl, join(directory, 'pglite'));
  try {
    return await use(database);
  } finally {
    await database.close();
  }
};

/** The same program in a second process, which kills itself. */
const runVictim = (argv: readonly string[], out: Screen): Promise<string> =>
  new Promise((resolve, reject) => {
    const program = fileURLToPath(new URL('index.ts', import.meta.url));
    const victim = spawn(process.execPath, [...process.execArgv, program, ...argv], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    victim.stdout.on('data', (data: Buffer) => out.write(data.toString()));
    victim.on('error', reject);
    victim.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(signal);
      else reject(new Error(`expected the first run to be killed, found exit ${String(code)}`));
    });
  });
