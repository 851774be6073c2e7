import { seeDocs } from '../../../event/seeDocs.js';

/**
 * Some file names in a folder give their order and others do not, so the order of the files is unknown (promise R2).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#mixedfilenameserror
 */
export class MixedFileNamesError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'MixedFileNamesError';
  /** The folder. */
  readonly directory: string;
  /** The first name that gives its order. */
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
