import { seeDocs } from '../../event/seeDocs.js';

/** Another process has this folder, or another thread or subscription of this one (promise D7). */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
  readonly directory: string;
  /** The process that holds it. */
  readonly pid: number;

  constructor(directory: string, pid: number) {
    const holder = pid === process.pid ? `this process (${pid})` : `process ${pid}`;
    super(seeDocs('DirectoryInUseError', `${directory}: the folder is in use by ${holder}`));
    this.directory = directory;
    this.pid = pid;
  }
}
