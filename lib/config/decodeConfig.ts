import { left, mapLeft, type Either } from 'fp-ts/lib/Either.js';
import type { ValidationError } from 'io-ts';
import { shown, shownError } from '../event/shown.js';
import { Config } from './Config.js';
import { ConfigError, type ConfigProblem } from './ConfigError.js';

/**
 * Checks a configuration that was parsed from a file or the environment, and fills in the defaults. Returns the whole
 * configuration as `Right`, or a `ConfigError` with all problems as `Left`. Never throws.
 *
 * @param input - Any value; missing keys get their defaults.
 * @example
 * ```ts
 * const config = decodeConfig(JSON.parse(readFileSync('config.json', 'utf8')));
 * if (isLeft(config)) throw config.left;
 * ```
 * @see node_modules/rx-event-broker/docs/configuration.md
 */
export const decodeConfig = (input: unknown): Either<ConfigError, Config> => {
  try {
    return mapLeft((errors: readonly ValidationError[]) => new ConfigError(errors.map(problemOf)))(
      Config.decode(input),
    );
  } catch (error) {
    // a getter or a Proxy may throw
    return left(new ConfigError([{ path: '', expected: 'keys that can be read', found: shownError(error) }]));
  }
};

const problemOf = ({ context, value }: ValidationError): ConfigProblem => ({
  path: context
    .map(({ key }) => key)
    .filter((_, depth) => depth > 0)
    .join('.'),
  expected: context.at(-1)?.type.name ?? Config.name,
  found: shown(value),
});
