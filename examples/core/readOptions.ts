import { parseArgs } from 'node:util';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { CoreOptions } from './marketCore.js';

export interface CoreProgramOptions extends Omit<CoreOptions, 'lost'> {
  readonly host: string;
  readonly port: number;
}

export const help = `npm run core [-- options]

A core node: a simulated market whose blocks are sent to a data node. It dials until the node is there, begins after the last
block that the node has committed, and does so again whenever the node comes back.

  --blocks N      how many blocks; default: no end
  --rate N        blocks a second; default: as fast as the node takes them
  --seed N        of the simulation; default 1
  --chain-id ID   default market-sim
  --host HOST     default 127.0.0.1
  --port PORT     default 3005
  --upgrade       after the last block it starts a protocol upgrade, and waits for the node
  --help          prints this

It exits with 0 when the node has committed the last block.
`;

/** The options of a command line, `undefined` if it asks for help, or what is wrong with it. */
export const readOptions = (argv: readonly string[]): Either<string, CoreProgramOptions | undefined> => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        blocks: { type: 'string' },
        rate: { type: 'string' },
        seed: { type: 'string', default: '1' },
        'chain-id': { type: 'string', default: 'market-sim' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '3005' },
        upgrade: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return right(undefined);
    return right({
      blocks: whole('blocks', values.blocks, 2 ** 31),
      blocksPerSecond: whole('rate', values.rate, 1000),
      seed: whole('seed', values.seed, 2 ** 31),
      chainId: values['chain-id'],
      host: values.host,
      port: whole('port', values.port, 65_535),
      upgrade: values.upgrade,
    });
  } catch (error) {
    return left((error as Error).message);
  }
};

/** Without a text there is no bound. */
const whole = (name: string, text: string | undefined, max: number): number => {
  if (text === undefined) return Infinity;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= max) return value;
  throw new Error(`--${name}: expected a whole number from 1 to ${max}, found "${text}"`);
};
