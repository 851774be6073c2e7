import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js';
import { type Config, ConfigError, type ConfigProblem, decodeConfig } from 'rx-event-broker/node';
import { PREFIX, valueLike, variables, withValue } from './environment.js';

/** All settings of a data node. */
export interface Settings {
  readonly config: Config;
  /** The chain of the node. An event of any other chain is an error. */
  readonly chainId: string;
  /** The folder of the disk buffer, and of PGlite if there is no `databaseUrl`. */
  readonly directory: string;
  /** The URL of a PostgreSQL, or `''` for PGlite inside this process. */
  readonly databaseUrl: string;
}

/** The settings of this program in addition to `Config`, with their defaults. */
const own = { chainId: 'market-sim', directory: 'data', databaseUrl: '' };

const defaults = () => {
  const config = decodeConfig({});
  if (isLeft(config)) throw config.left;
  return { ...own, ...config.right };
};

/**
 * Reads the settings from a JSON file, if one is given, and from the environment, which takes precedence. Returns them, or all
 * problems. It opens nothing but the file.
 */
export const readSettings = (
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Either<ConfigError, Settings> => {
  const problems: ConfigProblem[] = [];
  let settings: unknown = file === undefined ? {} : parse(file, problems);

  const known = variables(defaults());
  const setBy = new Map<string, string>();
  for (const [name, text = ''] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX)) continue;
    const variable = known.get(name);
    if (variable === undefined) {
      problems.push({ path: name, expected: `a known variable (${[...known.keys()].join(', ')})`, found: text });
      continue;
    }
    const [path, like] = variable;
    settings = withValue(settings, path.split('.'), valueLike(like, text));
    setBy.set(path, name);
  }

  const { chainId, directory, databaseUrl, rest } = ownOf(settings, problems);
  const config = decodeConfig(rest);
  if (isRight(config) && config.right.useEventFile && config.right.useJetStream)
    problems.push({ path: 'useJetStream', expected: 'false, because useEventFile is true', found: 'true' });
  if (isRight(config) && problems.length === 0) {
    return right({
      config: config.right,
      chainId,
      directory,
      databaseUrl: databaseUrl || (environment['DATABASE_URL'] ?? ''),
    });
  }
  const ofConfig = isLeft(config) ? config.left.problems : [];
  const all = [...problems, ...ofConfig.map(withOwnKeys)];
  return left(new ConfigError(all.map(problem => ({ ...problem, path: setBy.get(problem.path) ?? problem.path }))));
};

/** Any value in one line, as `Config` shows it for its own keys. */
const found = (value: unknown): string =>
  inspect(value, { depth: 2, maxArrayLength: 10, maxStringLength: 80, breakLength: Infinity });

/** `Config` knows its own keys only. */
const withOwnKeys = (problem: ConfigProblem): ConfigProblem => {
  const expected = problem.expected.replace(/^a known key \(/, `$&${Object.keys(own).join(', ')}, `);
  return problem.path.includes('.') ? problem : { ...problem, expected };
};

const parse = (file: string, problems: ConfigProblem[]): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    problems.push({ path: file, expected: 'a file of JSON', found: (error as Error).message });
    return {};
  }
};

/** The settings of this program, and those of `Config`. */
const ownOf = (settings: unknown, problems: ConfigProblem[]): typeof own & { readonly rest: unknown } => {
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return { ...own, rest: settings };
  const { chainId, directory, databaseUrl, ...rest } = { ...own, ...(settings as Readonly<Record<string, unknown>>) };
  const text = (path: string, value: unknown, least: number): string => {
    if (typeof value === 'string' && value.length >= least) return value;
    const expected = least === 0 ? 'a text' : 'a text that is not empty';
    problems.push({ path, expected, found: found(value) });
    return '';
  };
  return {
    chainId: text('chainId', chainId, 1),
    directory: text('directory', directory, 1),
    databaseUrl: text('databaseUrl', databaseUrl, 0),
    rest,
  };
};
