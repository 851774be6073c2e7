import { seeDocs } from '../../../event/seeDocs.js';

/**
 * The folder is in use: by another process, or by another thread or subscription of this one (promise D7).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#directoryinuseerror
 */
export class DirectoryInUseError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'DirectoryInUseError';
  /** The folder. */
  readonly directory: string;
  /** The id of the process that uses it. */
  readonly pid: number;

  constructor(directory: string, pid: number) {
    const holder = pid === process.pid ? `this process (${pid})` : `process ${pid}`;
    super(seeDocs('DirectoryInUseError', `${directory}: the folder is in use by ${holder}`));
    this.directory = directory;
    this.pid = pid;
  }
}

/**
 * Too many bytes wait to be written, from a source that does not pause or cannot be paused (promise D1).
 *
 * @see node_modules/rx-event-broker/docs/errors.md#writebufferfullerror
 */
export class WriteBufferFullError extends Error {
  /** The name of the class. Compare it, not the class, if there may be several copies of the package. */
  override readonly name = 'WriteBufferFullError';
  /** The folder of the buffer. */
  readonly directory: string;
  /** The bytes that wait. */
  readonly pendingBytes: number;
  /** The limit, in bytes. */
  readonly maxBytes: number;

  constructor(directory: string, pendingBytes: number, maxBytes: number) {
    super(
      seeDocs(
        'WriteBufferFullError',
        `${directory}: ${pendingBytes} bytes wait to be written, more than ${maxBytes}; use a source that obeys pause$`,
      ),
    );
    this.directory = directory;
    this.pendingBytes = pendingBytes;
    this.maxBytes = maxBytes;
  }
}
