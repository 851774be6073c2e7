import { open } from 'node:fs/promises';
import { none, some, type Option } from 'fp-ts/lib/Option.js';
import { checkOption, checkOptions, count, needed } from '../../../flow/contract/options.js';
import { BufferFileError } from '../errors.js';
import { maxMessageBytes, path } from '../optionChecks.js';
import {
  DEFAULT_MAX_MESSAGE_BYTES,
  HEADER_BYTES,
  readNumber,
  readSize,
  sizeBounds,
  SIZE_BYTES,
} from '../format/record.js';
import { systemError } from '../systemError.js';

/** One record of a file. */
export interface RawEvent {
  /** The message: a copy, yours to keep. */
  readonly message: Uint8Array;
  /** The number that the record was written with. */
  readonly sequenceNumber: bigint;
  /** The size of the record, in bytes. The next record begins this many bytes after `offset`. */
  readonly totalBytes: number;
}

/**
 * Reads the record that begins at `offset` bytes of a file that is not gzipped. Resolves to `none` if the record is not
 * complete yet (promise R5).
 *
 * Rejects with `BufferFileError` if the file cannot be read or the size is invalid, and with `OptionError`. Memory is
 * allocated only for bytes that the file has (promise R6).
 *
 * @param file - The path of the file.
 * @param offset - Where the record begins, in bytes.
 * @param options - `maxMessageBytes`, default 64 MiB.
 * @example
 * ```ts
 * const record = await readRawEvent('events/0001', 0);
 * if (isSome(record)) console.log(record.value.sequenceNumber);
 * ```
 * @see node_modules/rx-event-broker/docs/sources/files.md
 */
export const readRawEvent = async (
  file: string,
  offset: number,
  options: {
    /** The largest message, in bytes. Default 64 MiB. */
    readonly maxMessageBytes?: number;
  } = {},
): Promise<Option<RawEvent>> => {
  checkOption('file', file, needed(path));
  checkOption('offset', offset, needed(count(0, Number.MAX_SAFE_INTEGER)));
  checkOptions('readRawEvent', options, { maxMessageBytes });
  const { min, max } = sizeBounds(options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES);
  const fail = (expected: string, found: string, cause?: unknown) =>
    new BufferFileError({ file, offset, expected, found }, cause);
  const unreadable = (error: unknown) => fail('a file that can be read', systemError(error), error);

  const handle = await open(file, 'r').catch((error: unknown) => Promise.reject(unreadable(error)));
  try {
    const { size: fileBytes } = await handle.stat();
    const header = new Uint8Array(HEADER_BYTES);
    const { bytesRead } = await handle.read(header, 0, HEADER_BYTES, offset);
    if (bytesRead < SIZE_BYTES) return none;
    const size = readSize(header, 0);
    if (size < min || size > max) throw fail(`a record's size from ${min} to ${max}`, String(size));
    const totalBytes = SIZE_BYTES + size;
    if (offset + totalBytes > fileBytes) return none;
    const message = new Uint8Array(totalBytes - HEADER_BYTES);
    const body = await handle.read(message, 0, message.length, offset + HEADER_BYTES);
    if (body.bytesRead < message.length) return none;
    return some({ message, sequenceNumber: readNumber(header, 0), totalBytes });
  } catch (error) {
    throw (error as Error | null)?.name === 'BufferFileError' ? error : unreadable(error);
  } finally {
    await handle.close();
  }
};
