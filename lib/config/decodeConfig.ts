import { mapLeft, type Either } from 'fp-ts/lib/Either.js';
import type { ValidationError } from 'io-ts';
import { Config } from './Config.js';
import { ConfigError, type ConfigProblem } from './ConfigError.js';

/** What was parsed from a file or put together from the environment, as a whole configuration, or all that is wrong with it. */
export const decodeConfig = (input: unknown): Either<ConfigError, Config> =>
  mapLeft((errors: readonly ValidationError[]) => new ConfigError(errors.map(problemOf)))(Config.decode(input));

const problemOf = ({ context, value }: ValidationError): ConfigProblem => ({
  path: context
    .map(({ key }) => key)
    .filter(key => key !== '')
    .join('.'),
  expected: context.at(-1)?.type.name ?? Config.name,
  found: found(value),
});

const found = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
};
