import { seeDocs } from '../../event/seeDocs.js';

/** A folder holds both names that tell the age of their file and names that do not, so there is no order (promise R2). */
export class MixedFileNamesError extends Error {
  override readonly name = 'MixedFileNamesError';
  readonly directory: string;
  /** The first name that tells the age of its file. */
  readonly numbered: string;
  /** The first name that does not. */
  readonly other: string;

  constructor(directory: string, numbered: string, other: string) {
    super(
      seeDocs(
        'MixedFileNamesError',
        `${directory}: expected names that are all numbered, or none of them, found ${numbered} and ${other}`,
      ),
    );
    this.directory = directory;
    this.numbered = numbered;
    this.other = other;
  }
}
