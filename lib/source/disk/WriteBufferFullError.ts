import { seeDocs } from '../../event/seeDocs.js';

/** More bytes await the disk than may, from a source that goes on though it is paused, or that cannot be (promise D1). */
export class WriteBufferFullError extends Error {
  override readonly name = 'WriteBufferFullError';
  readonly directory: string;
  readonly pendingBytes: number;
  readonly maxBytes: number;

  constructor(directory: string, pendingBytes: number, maxBytes: number) {
    super(
      seeDocs(
        'WriteBufferFullError',
        `${directory}: expected a source that pauses before ${maxBytes} bytes await the disk, found ${pendingBytes}`,
      ),
    );
    this.directory = directory;
    this.pendingBytes = pendingBytes;
    this.maxBytes = maxBytes;
  }
}
