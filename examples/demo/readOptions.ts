import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { parseArgs } from 'node:util';

export interface DemoOptions {
  readonly seed: number;
  readonly blocks: number;
}

export const help = `npm run demo -- [options]

Records a sample market, replays it through two brokers, and checks what they promise.

  --blocks N  how long the recording is; default 1150, some 50,000 events
  --seed N    of the simulated market; default 1
  --help      prints this
`;

/** The options of a command line, `undefined` if it asks for help, or what is wrong with it. */
export const readOptions = (argv: readonly string[]): Either<string, DemoOptions | undefined> => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        blocks: { type: 'string', default: '1150' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return right(undefined);
    return right({ blocks: whole('blocks', values.blocks), seed: whole('seed', values.seed) });
  } catch (error) {
    // From parseArgs, which has its own texts, or from `whole`.
    return left((error as Error).message);
  }
};

const whole = (name: string, text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--${name}: expected a whole number from 1, found "${text}"`);
};
