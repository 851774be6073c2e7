import { escaped } from '../event/shown.js';
import { seeDocs } from '../event/seeDocs.js';

/** One problem of a configuration. */
export interface ConfigProblem {
  /** The key, such as `socketConfig.port`; empty for the whole configuration. */
  readonly path: string;
  /** What is allowed there, in words. */
  readonly expected: string;
  /** What was found there, in at most about 100 characters. */
  readonly found: string;
}

/**
 * A configuration has unknown keys or invalid values; the error lists all of them (promise C2).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#configerror
 */
export class ConfigError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ConfigError';
  /** All problems of the configuration, at least one. */
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(
      ({ path, expected, found }) =>
        `  ${escaped(path) || 'configuration'}: expected ${escaped(expected)}, found ${escaped(found)}`,
    );
    super(
      seeDocs(
        'ConfigError',
        [
          `invalid configuration (${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}):`,
          ...lines,
        ].join('\n'),
      ),
    );
    this.problems = problems;
  }
}
