import { seeDocs } from '../event/seeDocs.js';

/**
 * The call came after `close()` or `drain()`: the broker takes no more events or subscribers (promise B6).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#brokerclosederror
 */
export class BrokerClosedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'BrokerClosedError';
  /** The method that was called, such as `send`. */
  readonly call: string;

  constructor(call: string) {
    super(seeDocs('BrokerClosedError', `${call}: the broker is closed or draining`));
    this.call = call;
  }
}
