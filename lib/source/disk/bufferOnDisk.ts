import { resolve } from 'node:path';
import type { Pausable } from '../../flow/Pausable.js';
import { openSource, type Source } from '../../flow/Source.js';
import { bufferOptions, type BufferOnDiskOptions } from './bufferOptions.js';
import { diskFeed } from './diskFeed.js';
import { fromFeed, type Release } from './fromFeed.js';
import { nodeFiles } from './nodeFiles.js';

/**
 * Takes from its source as fast as the disk, gives at its consumer's pace, and resumes where it was after a stop of any kind
 * (promises D1–D8, L1).
 *
 * What the source emitted is given in order, each message once a run; a run after a crash gives those again that were not
 * acknowledged, and none that were. Completion and errors of the source come after what it emitted before them. Unsubscribing
 * writes and syncs what was taken. Each subscription opens the folder; one that follows another one's end waits for its release.
 *
 * Errors with `BufferFileError` (damage, a full disk: file, offset, what was expected, what was found),
 * `DirectoryInUseError`, `MessageTooLargeError`, `MessageTypeError`, and `WriteBufferFullError` where the source does not pause. Throws
 * `OptionError`.
 */
export const bufferOnDisk = (source: Source<Uint8Array>, options: BufferOnDiskOptions): Pausable<Uint8Array> => {
  const checked = bufferOptions(options);
  const { directory: what, notices } = checked;
  if (checked.eventsPerFile === 0) return pause$ => openSource(source, pause$);
  const release = releaseOf(what);
  return pause$ => fromFeed(() => diskFeed(source, checked, nodeFiles), { what, pause$, notices, release });
};

/** Of folders that are being let go: when they are. */
const releases = new Map<string, Promise<void>>();

/** The folder is what is let go, not the Observable: a `defer` that makes a new one waits for the old one, too. */
const releaseOf = (directory: string): Release => {
  const path = resolve(directory);
  return {
    get done() {
      return releases.get(path) ?? Promise.resolve();
    },
    set done(released) {
      releases.set(path, released);
      void released.then(() => {
        if (releases.get(path) === released) releases.delete(path);
      });
    },
  };
};
