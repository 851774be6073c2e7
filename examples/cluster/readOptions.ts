import { parseArgs } from 'node:util';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

export interface ClusterOptions {
  readonly blocks: number;
  readonly partitions: number;
  /** A NATS server with JetStream; without it the local one, or one that is started. */
  readonly natsUrl: string | undefined;
  /** A PostgreSQL; without it PGlite, in a folder for each partition. */
  readonly databaseUrl: string | undefined;
}

export const help = `npm run demo:cluster [-- options]

A core publishes a simulated market to a stream of NATS JetStream, in partitions. Two data nodes share the partitions and store
them. One is killed in the middle: the other one takes over, until it is started again. Then what SQL reads back is compared with
what the simulator counts.

  --blocks N          how many blocks; default 150
  --partitions N      how many partitions; default 4
  --nats-url URL      a NATS server with JetStream; default NATS_URL, else 127.0.0.1:4222, else the program nats-server is started
  --database-url URL  a PostgreSQL, whose schema cluster_demo is replaced; default PGlite, one database for each partition
  --help              prints this

It exits with 1 if the totals differ.
`;

/** The options of a command line, `undefined` if it asks for help, or what is wrong with it. */
export const readOptions = (argv: readonly string[]): Either<string, ClusterOptions | undefined> => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        blocks: { type: 'string', default: '150' },
        partitions: { type: 'string', default: '4' },
        'nats-url': { type: 'string' },
        'database-url': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return right(undefined);
    return right({
      blocks: whole('blocks', values.blocks, 10),
      partitions: whole('partitions', values.partitions, 2),
      natsUrl: values['nats-url'] ?? process.env['NATS_URL'],
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
