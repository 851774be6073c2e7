import { Envelope } from './Envelope.js';
import { isPayload } from './knownTypes.js';
import { RecentText } from '../wire/RecentText.js';

/** The strings of an envelope that few ask for. */
export interface EnvelopeStrings {
  readonly traceId: string;
  readonly txHash: string;
}

const envelope = new Envelope(isPayload);
const block = new RecentText();
const tx = new RecentText();

/** Reads a message once more, for its strings: an event that nobody asks for them is smaller without their places. */
export const readStrings = (bytes: Uint8Array): EnvelopeStrings => {
  envelope.read(bytes);
  return {
    traceId: block.read(bytes, envelope.blockStart, envelope.blockEnd),
    // Outside of a transaction it is the block's hash.
    txHash: block.find(bytes, envelope.txStart, envelope.txEnd) ?? tx.read(bytes, envelope.txStart, envelope.txEnd),
  };
};
