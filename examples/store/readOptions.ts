import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { parseArgs } from 'node:util';

export interface StoreDemoOptions {
  /** A PostgreSQL; without it PGlite, in a folder of its own. */
  readonly databaseUrl: string | undefined;
  readonly blocks: number;
  readonly seed: number;
  /** The program kills itself in the middle of this block. */
  readonly killAt: number | undefined;
  /** For the process that is killed: the folder of PGlite. */
  readonly directory: string | undefined;
}

export const help = `npm run demo:store [-- options]

Stores a simulated market, one transaction for each block, and compares what SQL reads back with what the simulator counted.

  --database-url URL  a PostgreSQL, whose schema market_demo is replaced; default PGlite, inside this process
  --blocks N          how many blocks; default 500
  --seed N            of the simulation; default 1
  --kill-at BLOCK     dies by SIGKILL in the middle of that block, starts again, and must end with the same totals
  --help              prints this

It exits with 1 if the totals differ.
`;

/** The options of a command line, `undefined` if it asks for help, or what is wrong with it. */
export const readOptions = (argv: readonly string[]): Either<string, StoreDemoOptions | undefined> => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        'database-url': { type: 'string' },
        blocks: { type: 'string', default: '500' },
        seed: { type: 'string', default: '1' },
        'kill-at': { type: 'string' },
        'victim-of': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return right(undefined);
    const blocks = whole('blocks', values.blocks, 1_000_000);
    return right({
      databaseUrl: values['database-url'],
      blocks,
      seed: whole('seed', values.seed, 2 ** 31),
      killAt: values['kill-at'] === undefined ? undefined : whole('kill-at', values['kill-at'], blocks),
      directory: values['victim-of'],
    });
  } catch (error) {
    return left((error as Error).message);
  }
};

const whole = (name: string, text: string, max: number): number => {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= 1 && value <= max) return value;
  throw new Error(`--${name}: expected a whole number from 1 to ${max}, found "${text}"`);
};
