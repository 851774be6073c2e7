import { parseArgs } from 'node:util';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

export interface TwoNodesOptions {
  readonly blocks: number;
  readonly kills: number;
  /** A PostgreSQL; without it PGlite, in a folder of its own. */
  readonly databaseUrl: string | undefined;
}

export const help = `npm run demo:node [-- options]

A core sends a simulated market to a data node, as fast as the node takes it. The node is killed in the middle, several times,
and started again. Then what SQL reads back is compared with what the simulator counts.

  --blocks N          how many blocks; default 400
  --kills N           how often the node dies by SIGKILL; default 3
  --database-url URL  a PostgreSQL, whose schema node_demo is replaced; default PGlite, inside the node
  --help              prints this

It exits with 1 if the totals differ.
`;

/** The options of a command line, `undefined` if it asks for help, or what is wrong with it. */
export const readOptions = (argv: readonly string[]): Either<string, TwoNodesOptions | undefined> => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        blocks: { type: 'string', default: '400' },
        kills: { type: 'string', default: '3' },
        'database-url': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return right(undefined);
    return right({
      blocks: whole('blocks', values.blocks, 1),
      kills: whole('kills', values.kills, 0),
      databaseUrl: values['database-url'],
    });
  } catch (error) {
    return left((error as Error).message);
  }
};

const whole = (name: string, text: string, least: number): number => {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  if (value >= least) return value;
  throw new Error(`--${name}: expected a whole number, ${least} or more, found "${text}"`);
};
