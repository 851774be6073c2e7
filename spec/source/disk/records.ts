import { printRecord } from '../../../lib/source/disk/format/record.js';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A file of records with these texts as messages. */
export const recordsOf = (texts: readonly string[], from = 0): Uint8Array =>
  Buffer.concat(texts.map((text, at) => printRecord(from + at, bytesOf(text))));

/** A size that claims `size` bytes, and whatever follows it. */
export const claiming = (size: number, rest: Uint8Array = new Uint8Array(0)): Uint8Array => {
  const claim = Buffer.alloc(4);
  claim.writeUInt32BE(size);
  return Buffer.concat([claim, rest]);
};
