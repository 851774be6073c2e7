import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Where messages go that cannot be stored: nothing is thrown away. */
export interface SetAside {
  /** Writes one, and gives the file. Throws where it cannot: what is not kept must not be passed over. */
  readonly keep: (message: Uint8Array) => string;
  readonly close: () => void;
}

/**
 * Keeps messages in a file of their own, `set-aside-<Unix ms>.evt` in the folder, which is made for the first of them. Its format
 * is that of recorded files, so `readRawEvent` and `bufferFiles` read it.
 */
export const setAside = (directory: string): SetAside => {
  const file = join(directory, `set-aside-${Date.now()}.evt`);
  let descriptor: number | undefined;
  let count = 0n;
  return {
    keep: message => {
      descriptor ??= openSync(file, 'ax');
      const record = Buffer.alloc(12 + message.length);
      record.writeUInt32BE(8 + message.length);
      record.writeBigUInt64BE(count, 4);
      record.set(message, 12);
      for (let at = 0; at < record.length;) at += writeSync(descriptor, record, at);
      fsyncSync(descriptor); // its block may be forgotten by the disk buffer from here on
      count++;
      return file;
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
};
