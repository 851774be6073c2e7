import { fromPull } from 'rx-event-broker';
import { marketRun, type MarketTotals } from '../market/index.js';
import type { Screen } from '../terminal/dashboard.js';
import type { OpenDatabase } from './openDatabase.js';
import { progressOf } from './progressOf.js';
import type { StoreDemoOptions } from './readOptions.js';
import { makeTables, storeMarket } from './storeMarket.js';

/** Where the demo keeps its tables. */
export const SCHEMA = 'market_demo';

/** Stores the market after the last stored block. Dies at the first trade of the requested block. */
export const runStore = async (
  database: OpenDatabase,
  { blocks, seed, killAt }: Pick<StoreDemoOptions, 'blocks' | 'seed' | 'killAt'>,
  screen: Screen,
): Promise<MarketTotals> => {
  await database.client.query(`create schema if not exists ${SCHEMA}`);
  await database.client.query(`set search_path to ${SCHEMA}`);
  await makeTables(database.client);
  const run = marketRun({ seed, blocks, chainId: 'market-demo', firstBlockTwice: true });
  const progress = progressOf(screen, blocks);
  const blocks$ = storeMarket(pause$ => fromPull(() => run.events, { pause$ }), database, {
    chainId: 'market-demo',
    onTrade: ({ blockNr }) => {
      // a block may have no trade: then the next one that has
      if (killAt !== undefined && blockNr >= killAt) process.kill(process.pid, 'SIGKILL');
    },
  });
  try {
    await blocks$.forEach(({ height }) => progress.show(height, run.totals().blocks - 1 - height));
  } finally {
    progress.stop();
  }
  return run.totals();
};
