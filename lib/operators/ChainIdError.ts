import { seeDocs } from '../event/seeDocs.js';
import { shown } from '../event/shown.js';

/**
 * An event belongs to another chain (promise B11: `verifyChain` names both).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#chainiderror
 */
export class ChainIdError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'ChainIdError';
  /** The chain id that `verifyChain` was given. */
  readonly expected: string;
  /** The chain id of the event. */
  readonly found: string;

  constructor(expected: string, found: string, where: string) {
    super(
      seeDocs(
        'ChainIdError',
        `${where}: expected an event of chain ${shown(expected)}, found one of chain ${shown(found)}`,
      ),
    );
    this.expected = expected;
    this.found = found;
  }
}
