import { mkdirSync, statSync } from 'node:fs';
import type { Release } from '../fromFeed.js';

/** The releases in flight, by folder. */
const releases = new Map<string, Promise<void>>();

/**
 * The release of a folder (promise L1). It belongs to the folder and not to an Observable, so a `defer` that creates a new
 * buffer waits for the old one as well.
 */
export const folderRelease = (directory: string): Release => {
  const folder = identityOf(directory);
  return {
    get done() {
      return releases.get(folder) ?? Promise.resolve();
    },
    set done(released) {
      releases.set(folder, released);
      void released.then(() => {
        if (releases.get(folder) === released) releases.delete(folder);
      });
    },
  };
};

/** The same for every path to a folder. If the folder cannot be created, opening the buffer reports the error. */
const identityOf = (directory: string): string => {
  try {
    mkdirSync(directory, { recursive: true });
    const { dev, ino } = statSync(directory, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return directory;
  }
};
