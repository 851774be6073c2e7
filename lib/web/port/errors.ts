import { seeDocs } from '../../event/seeDocs.js';
import { shown } from '../../event/shown.js';

/**
 * The other side of a port has gone: the port was closed, or the worker has ended or crashed (promise W7: the end of a port).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#portclosederror
 */
export class PortClosedError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PortClosedError';
  /** What happened, in words. */
  readonly what: string;

  constructor(what: string, cause?: unknown) {
    super(seeDocs('PortClosedError', what), cause === undefined ? undefined : { cause });
    this.what = what;
  }
}

/**
 * The other side of a port does not use this protocol, or uses another version of it (promise W7: the end of a port). Both sides
 * need the same version of this package, and a channel that nothing else uses.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#portprotocolerror
 */
export class PortProtocolError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'PortProtocolError';
  /** What was received. */
  readonly found: unknown;

  constructor(what: string, found: unknown) {
    super(seeDocs('PortProtocolError', `${what}, found ${shown(found)}`));
    this.found = found;
  }
}
