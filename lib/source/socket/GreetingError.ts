import { seeDocs } from '../../event/seeDocs.js';

const hex = (bytes: Uint8Array): string => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(' ');

/**
 * The first bytes of a peer are not the greeting of a pair, version 0 (promise N1).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#greetingerror
 */
export class GreetingError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'GreetingError';
  /** The eight bytes of the greeting, in hex. */
  readonly expected: string;
  /** The bytes that came, in hex, up to the first difference. */
  readonly found: string;

  constructor(expected: Uint8Array, found: Uint8Array) {
    super(seeDocs('GreetingError', `greeting: expected ${hex(expected)} (pair, version 0), found ${hex(found)}`));
    this.expected = hex(expected);
    this.found = hex(found);
  }
}
