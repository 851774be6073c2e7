import { seeDocs } from '../../event/seeDocs.js';

/** A folder that should hold recorded files holds none, or is not there (promise R2). */
export class NoBufferFilesError extends Error {
  override readonly name = 'NoBufferFilesError';
  readonly directory: string;
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
