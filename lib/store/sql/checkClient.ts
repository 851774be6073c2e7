import { OptionError } from '../../flow/contract/OptionError.js';
import { checkOption, having, needed } from '../../flow/contract/options.js';

/** Throws `OptionError` unless `client` is one connection. A pool is rejected as well. */
export const checkClient = (client: unknown): void => {
  const expected = 'one connection, such as a Client or a PoolClient';
  checkOption('client', client, needed(having(expected, 'query')));
  if ('totalCount' in (client as object) && 'idleCount' in (client as object))
    throw new OptionError('client', expected, 'a pool');
};
