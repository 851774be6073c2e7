import { escaped } from '../event/shown.js';
import { seeDocs } from '../event/seeDocs.js';

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Where, such as `socketConfig.port`; empty for the whole. */
  readonly path: string;
  /** What may stand there. */
  readonly expected: string;
  /** What stands there, in at most about 100 characters. */
  readonly found: string;
}

/** A configuration with keys that are not known or values that cannot be: all of them (promise C2). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(
      ({ path, expected, found }) =>
        `  ${escaped(path) || 'configuration'}: expected ${escaped(expected)}, found ${escaped(found)}`,
    );
    super(
      seeDocs('ConfigError', [`configuration: expected no problem, found ${problems.length}`, ...lines].join('\n')),
    );
    this.problems = problems;
  }
}
