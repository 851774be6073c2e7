import type { VegaEvent } from 'rx-event-broker/vega';
import { blockWriter } from './blockWriter.js';
import { exchange } from './exchange.js';
import { random } from './random.js';
import type { Simulation } from './simulation.js';
import { writeBlock } from './writeBlock.js';
import { writeGenesis } from './writeGenesis.js';

export interface MarketOptions {
  readonly seed: number;
  /** How many blocks. A first block that comes twice counts once. */
  readonly blocks: number;
  /** Default `market-sim`. */
  readonly chainId?: string;
  /** Orders that traders try to place in a block. Default 10. */
  readonly ordersPerBlock?: number;
  /** Whether the first height comes twice, genesis and then the real block, as in recordings of real nodes. Default `false`. */
  readonly firstBlockTwice?: boolean;
}

const second = 1_000_000_000n;
const start = 1_700_000_000n * second;

/** The blocks of a run, each as the list of its events. */
export function* marketBlocks(options: MarketOptions): Generator<readonly VegaEvent[]> {
  const { seed, blocks, chainId = 'market-sim', ordersPerBlock = 10, firstBlockTwice = false } = options;
  const numbers = random(seed);
  const simulation: Simulation = {
    random: numbers,
    parties: Array.from({ length: 12 }, () => numbers.hash()),
    exchange: exchange([
      { id: numbers.hash(), base: 'btc', quote: 'usd', price: 30_000 },
      { id: numbers.hash(), base: 'eth', quote: 'usd', price: 2_000 },
    ]),
    writer: blockWriter(chainId),
  };
  let time = start;
  for (let height = 1; height <= blocks; height++) {
    time += second + BigInt(numbers.int(200_000_000));
    if (height === 1 && firstBlockTwice) {
      writeGenesis(simulation, height, time);
      yield simulation.writer.end();
    }
    writeBlock(simulation, { height, time, orders: ordersPerBlock, first: height === 1 && !firstBlockTwice });
    yield simulation.writer.end();
  }
}
