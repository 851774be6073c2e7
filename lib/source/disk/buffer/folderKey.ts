import { mkdirSync, statSync } from 'node:fs';

/**
 * The key of a folder for its lease (promise L1), the same for every path to it. The lease belongs to the folder and not to
 * an Observable, so a `defer` that creates a new buffer waits for the old one as well. If the folder cannot be created,
 * opening the buffer reports the error.
 */
export const folderKey = (directory: string): string => {
  try {
    mkdirSync(directory, { recursive: true });
    const { dev, ino } = statSync(directory, { bigint: true });
    return `folder ${dev} ${ino}`;
  } catch {
    return `folder ${directory}`;
  }
};
