import { seeDocs } from '../../event/seeDocs.js';

/** Another process, or another subscription of this one, has the disk buffer of this folder (promise D7). */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly directory: string;
  /** The process that holds it. */
  readonly pid: number;

  constructor(directory: string, pid: number) {
    const found = pid === process.pid ? `one that this process (${pid}) has open` : `one that process ${pid} holds`;
    super(
      seeDocs('DirectoryInUseError', `${directory}: expected a folder that nobody else buffers in, found ${found}`),
    );
    this.directory = directory;
    this.pid = pid;
  }
}
