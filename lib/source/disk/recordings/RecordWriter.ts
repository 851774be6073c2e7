import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { BufferFileError } from '../errors.js';
import { HEADER_BYTES, writeHeader } from '../format/record.js';
import { systemError } from '../systemError.js';

/** Bytes of one write. */
const BATCH_BYTES = 64 * 1024;

/**
 * Writes a new file of records, numbered from 0, in writes of 64 kB.
 *
 *     write ──► batch [ record │ record │      ] ──full──► file
 *                                       ▲ filled           ▲ written
 *
 * A  Between two calls the file holds whole records: after a failed write it is truncated.
 * B  At most one batch waits. A record that is larger than a batch is written on its own.
 */
export class RecordWriter {
  readonly #file: string;
  readonly #fd: number;
  readonly #batch = Buffer.allocUnsafeSlow(BATCH_BYTES);
  #filled = 0;
  #written = 0;
  #number = 0;
  #isClosed = false;

  /** Creates the file. Throws `BufferFileError` if it exists. */
  constructor(file: string) {
    this.#file = file;
    try {
      this.#fd = openSync(file, 'wx');
    } catch (error) {
      throw this.#unwritable('a new file that can be created', error);
    }
  }

  write(message: Uint8Array): void {
    const bytes = HEADER_BYTES + message.length;
    if (this.#filled + bytes > BATCH_BYTES) this.#flush();
    if (bytes > BATCH_BYTES) {
      const record = Buffer.allocUnsafeSlow(bytes);
      this.#put(record, 0, message);
      this.#append(record);
    } else {
      this.#put(this.#batch, this.#filled, message);
      this.#filled += bytes;
    }
  }

  /** Writes the waiting batch and closes the file. A second call does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#flush();
    } finally {
      closeSync(this.#fd);
    }
  }

  #put(into: Uint8Array, at: number, message: Uint8Array): void {
    writeHeader(into, at, this.#number++, message.length);
    into.set(message, at + HEADER_BYTES);
  }

  #flush(): void {
    const filled = this.#filled;
    this.#filled = 0;
    this.#append(this.#batch.subarray(0, filled));
  }

  #append(bytes: Uint8Array): void {
    let done = 0;
    try {
      while (done < bytes.length) done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#written + done);
    } catch (error) {
      try {
        ftruncateSync(this.#fd, this.#written);
      } catch {
        // the first error says more
      }
      throw this.#unwritable(`a file that takes ${bytes.length} more bytes`, error);
    }
    this.#written += bytes.length;
  }

  #unwritable(expected: string, error: unknown): BufferFileError {
    const where = { file: this.#file, offset: this.#written, expected, found: systemError(error) };
    return new BufferFileError(where, error);
  }
}
