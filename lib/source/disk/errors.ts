import { seeDocs } from '../../event/seeDocs.js';

/**
 * A file of records is damaged, or cannot be read or written.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#bufferfileerror
 */
export class BufferFileError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'BufferFileError';
  /** The path of the file. */
  readonly file: string;
  /** Where the record begins, in bytes from the start of the file; in a gzipped file, in unpacked bytes. */
  readonly offset: number;
  /** What a valid file has there. */
  readonly expected: string;
  /** What was found there, or the error of the operating system. */
  readonly found: string;

  constructor(
    where: { readonly file: string; readonly offset: number; readonly expected: string; readonly found: string },
    cause?: unknown,
  ) {
    super(
      seeDocs(
        'BufferFileError',
        `${where.file}, offset ${where.offset}: expected ${where.expected}, found ${where.found}`,
      ),
      cause === undefined ? undefined : { cause },
    );
    this.file = where.file;
    this.offset = where.offset;
    this.expected = where.expected;
    this.found = where.found;
  }
}

/**
 * A message to write or send has more than `maxMessageBytes`, so its reader would reject it.
 *
 * @see node_modules/rx-event-broker/docs/errors.md#messagetoolargeerror
 */
export class MessageTooLargeError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MessageTooLargeError';
  /** The size of the message, in bytes. */
  readonly bytes: number;
  /** The limit, in bytes. */
  readonly maxMessageBytes: number;

  constructor(bytes: number, maxMessageBytes: number) {
    super(
      seeDocs('MessageTooLargeError', `expected a message of at most ${maxMessageBytes} bytes, found one of ${bytes}`),
    );
    this.bytes = bytes;
    this.maxMessageBytes = maxMessageBytes;
  }
}
