import { Envelope } from './Envelope.js';
import { RecentText } from '../wire/RecentText.js';

/** The strings of an envelope that are rarely read. */
export interface EnvelopeStrings {
  readonly traceId: string;
  readonly txHash: string;
}

const envelope = new Envelope();
const block = new RecentText();
const tx = new RecentText();

/** Reads a message again for its strings. Events stay smaller, since they do not store where their strings are. */
export const readStrings = (bytes: Uint8Array): EnvelopeStrings => {
  envelope.read(bytes);
  return {
    traceId: block.read(bytes, envelope.blockStart, envelope.blockEnd),
    // Outside a transaction it is the block's hash.
    txHash: block.find(bytes, envelope.txStart, envelope.txEnd) ?? tx.read(bytes, envelope.txStart, envelope.txEnd),
  };
};
