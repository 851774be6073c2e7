import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Keeps messages that cannot be stored, so that nothing is lost. */
export interface SetAside {
  /** Writes a message and returns the file. Throws if it cannot, because a message that is not kept must not be skipped. */
  readonly keep: (message: Uint8Array) => string;
  readonly close: () => void;
}

/**
 * Keeps messages in the file `set-aside-<Unix ms>.evt` in the folder. The file is created for the first message. It has the format
 * of recorded files, so `readRawEvent` and `bufferFiles` can read it.
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
      fsyncSync(descriptor); // from here on, the disk buffer may remove its block
      count++;
      return file;
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
};
