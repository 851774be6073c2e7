import { seeDocs } from '../../../event/seeDocs.js';

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
  /** What was found in its place. */
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
