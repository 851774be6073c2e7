import { seeDocs } from '../../../event/seeDocs.js';

/**
 * Some file names in a folder are numbered and others are not, so the order of the files is unknown (promise R2).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#mixedfilenameserror
 */
export class MixedFileNamesError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MixedFileNamesError';
  /** The folder. */
  readonly directory: string;
  /** The first numbered name. */
  readonly numbered: string;
  /** The first other name. */
  readonly other: string;

  constructor(directory: string, numbered: string, other: string) {
    super(
      seeDocs(
        'MixedFileNamesError',
        `${directory}: some file names are numbered and others are not: ${numbered} and ${other}; move one kind to another folder`,
      ),
    );
    this.directory = directory;
    this.numbered = numbered;
    this.other = other;
  }
}

/**
 * A folder of recorded files is empty or does not exist (promise R2).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#nobufferfileserror
 */
export class NoBufferFilesError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'NoBufferFilesError';
  /** The folder. */
  readonly directory: string;
  /** What was found instead. */
  readonly found: string;

  constructor(directory: string, found: string, cause?: unknown) {
    super(
      seeDocs('NoBufferFilesError', `${directory}: expected a folder with files of records, found ${found}`),
      cause === undefined ? undefined : { cause },
    );
    this.directory = directory;
    this.found = found;
  }
}
