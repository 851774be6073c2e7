import { seeDocs } from '../../event/seeDocs.js';

const hex = (bytes: Uint8Array): string => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(' ');

/** The first bytes of a peer are not those of a pair, version 0 (promise N1). */
export class GreetingError extends Error {
  override readonly name = 'GreetingError';
  /** The eight bytes, in hex. */
  readonly expected: string;
  /** Those that came, as far as they were needed to know. */
  readonly found: string;

  constructor(expected: Uint8Array, found: Uint8Array) {
    super(seeDocs('GreetingError', `greeting: expected ${hex(expected)} (pair, version 0), found ${hex(found)}`));
    this.expected = hex(expected);
    this.found = hex(found);
  }
}
