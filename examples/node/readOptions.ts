import { parseArgs } from 'node:util';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

export interface NodeOptions {
  /** A file of JSON. */
  readonly config: string | undefined;
  /** Whether to set aside the events that would end the node at every start. */
  readonly setAside: boolean;
}

export const help = `npm run node [-- options]

A data node: takes the events of a core over a socket, keeps them in a buffer on disk, and stores them, one transaction for each
block. With useJetStream it reads a stream of NATS JetStream instead.

  --config FILE  settings as JSON; default none
  --set-aside    for a node that ends at every start with an event that it cannot store, or that is of another chain: such
                 events are written to DIRECTORY/set-aside-….evt, and it goes on
  --help         prints this

Each setting may also come from the environment, which takes precedence: socketConfig.port is RX_EVENT_BROKER_SOCKET_CONFIG_PORT.
DATABASE_URL names a PostgreSQL; without it PGlite stores into the folder data. All settings: docs/data-node.md.

On SIGTERM, or Ctrl-C, it stores what it has taken, and exits with 0. After an error it exits with 1.
`;

/** The options of a command line, `undefined` if it asks for help, or what is wrong with it. */
export const readOptions = (argv: readonly string[]): Either<string, NodeOptions | undefined> => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        config: { type: 'string' },
        'set-aside': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return right(values.help ? undefined : { config: values.config, setAside: values['set-aside'] });
  } catch (error) {
    return left((error as Error).message);
  }
};
