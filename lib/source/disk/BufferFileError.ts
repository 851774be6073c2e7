import { seeDocs } from '../../event/seeDocs.js';

/**
 * A file of records that is not as it should be, or cannot be read or written: where, what was expected, what was found.
 *
 * `offset` is where the record begins, in bytes from the start of the file; of a gzipped file, in unpacked bytes.
 */
export class BufferFileError extends Error {
  override readonly name = 'BufferFileError';
  readonly file: string;
  readonly offset: number;
  readonly expected: string;
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
