import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { parseArgs } from 'node:util';
import { All } from 'rx-event-broker';
import { eventTypes, Market, type VegaType } from 'rx-event-broker/vega';

export interface ReplayOptions {
  readonly directory: string;
  readonly chainId: string;
  readonly types: readonly (VegaType | All)[];
  /** The time that the optional subscriber takes for an event, in ms. If it is not set, there is no optional subscriber. */
  readonly slow: number | undefined;
  /** In ms. */
  readonly timeBetweenBlocks: number;
  readonly json: boolean;
  /** A PostgreSQL that stores trades and balances, with one transaction for each block. */
  readonly databaseUrl: string | undefined;
}

const streamTypes = eventTypes.filter(({ inStream }) => inStream).map(({ name }) => name as VegaType);

/** What `--types` may name: each type, a group of them, or all but the unlisted ones. */
const choices: ReadonlyMap<string, readonly (VegaType | All)[]> = new Map<string, readonly (VegaType | All)[]>([
  ['All', [All]],
  ['Market', Market],
  ...streamTypes.map((name): [string, readonly VegaType[]] => [name, [name]]),
]);

const longestWait = 2 ** 31 - 1; // the most that a timer of Node accepts

/** The options of a command line, `undefined` if it asks for help, or what is wrong with it. */
export const readOptions = (argv: readonly string[]): Either<string, ReplayOptions | undefined> => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        directory: { type: 'string' },
        'chain-id': { type: 'string' },
        types: { type: 'string', default: 'All' },
        slow: { type: 'string' },
        'time-between-blocks': { type: 'string', default: '0' },
        json: { type: 'boolean', default: false },
        'database-url': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return right(undefined);
    return right({
      directory: required('directory', 'a folder of recorded files', values.directory),
      chainId: required('chain-id', 'the id of their chain', values['chain-id']),
      types: values.types.split(',').flatMap(readType),
      slow: values.slow === undefined ? undefined : milliseconds('slow', values.slow),
      timeBetweenBlocks: milliseconds('time-between-blocks', values['time-between-blocks']),
      json: values.json,
      databaseUrl: values['database-url'],
    });
  } catch (error) {
    // From parseArgs, which has its own texts, or from a reader below.
    return left((error as Error).message);
  }
};

const required = (name: string, what: string, value: string | undefined): string => {
  if (value === undefined || value === '') throw new Error(`--${name}: expected ${what}, found nothing`);
  return value;
};

const milliseconds = (name: string, text: string): number => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value <= longestWait) return value;
  throw new Error(`--${name}: expected milliseconds, from 0 to ${longestWait}, found "${text}"`);
};

const readType = (name: string): readonly (VegaType | All)[] => {
  const types = choices.get(name);
  if (types !== undefined) return types;
  const plain = (text: string): string => text.replaceAll(/[_\s]/g, '').toLowerCase();
  const alike = [...choices.keys()].find(known => plain(known) === plain(name));
  const hint = alike === undefined ? '--help lists them' : `did you mean ${alike}?`;
  throw new Error(`--types: expected names of event types, such as TimeUpdate, found "${name}"; ${hint}`);
};

export const help = `npm run replay -- --directory DIR --chain-id ID [options]

Replays recorded files, checks every event of them, and counts what each subscriber got.

  --directory DIR           the folder with the files, gzipped or not
  --chain-id ID             the chain of all events; any other is an error
  --types NAME,NAME         what the subscribers ask for; default All, which leaves out TxError
  --slow MS                 adds an optional subscriber that takes MS milliseconds for each event
  --time-between-blocks MS  waits before each block but the first; default 0
  --database-url URL        stores trades and balances in that PostgreSQL too, one transaction for each block
  --json                    prints the result as one line of JSON
  --help                    prints this

It exits with 1 if an option or a file is invalid, and says what was expected, what was found and where.

Types: ${[...choices.keys()].join(', ')}
`.replace(/.{1,118}(?:\s|$)/g, line => `${line.trimEnd()}\n`);
