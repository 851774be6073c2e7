import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Makes a folder, and takes it for this process by a file that bears its pid: PGlite does not look whether somebody else has its
 * files. The file of a dead process is taken over. Gives what gives the folder up.
 */
export const takeFolder = async (directory: string): Promise<() => Promise<void>> => {
  await mkdir(directory, { recursive: true });
  const file = join(directory, 'node.pid');
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = Number(await readFile(file, 'utf8'));
    if (holder !== process.pid && isAlive(holder)) {
      throw new Error(`${directory}: expected a folder that no node has, found that of process ${holder}`, {
        cause: error,
      });
    }
    await rm(file);
    return takeFolder(directory);
  }
  return () => rm(file, { force: true });
};
