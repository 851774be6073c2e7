import { open, type FileHandle } from 'node:fs/promises';
import { BufferFileError } from '../errors.js';
import { gunzipMembers, isDamage } from './gunzipMembers.js';
import { isGzip } from '../format/gzipHeader.js';
import { systemCode, systemError } from '../systemError.js';

/** The most bytes of a chunk. It is small, because keeping one message keeps its whole chunk in memory. */
const CHUNK_BYTES = 64 * 1024;
/** Chunks per read. One system call costs as much as copying several chunks. */
const CHUNKS_OF_READ = 4;

/** The bytes of one file in order, unpacked if the file is gzipped. */
export interface Chunks {
  /** The next bytes, in a new buffer; `undefined` at the end. One call at a time. */
  read(): Promise<Uint8Array | undefined>;
  /** Bytes of the file on disk that have been read so far: packed ones if the file is gzipped. */
  readonly bytesRead: number;
  close(): Promise<void>;
}

/** Opens a file. Its first bytes decide whether it is gzipped, not its name (promise R1). */
export const openChunks = async (file: string): Promise<Chunks> => {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    throw unreadable(file, 0, error);
  }
  try {
    const start = new Uint8Array(3);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    return isGzip(start.subarray(0, bytesRead)) ? gzipChunks(file, handle) : plainChunks(file, handle);
  } catch (error) {
    await handle.close();
    throw unreadable(file, 0, error);
  }
};

const plainChunks = (file: string, handle: FileHandle): Chunks => {
  let position = 0;
  let chunks: Uint8Array[] = [];
  let next = 0;
  let unread = 0;
  return {
    async read() {
      if (unread === 0) {
        chunks = Array.from(
          { length: CHUNKS_OF_READ },
          () => new Uint8Array(Buffer.allocUnsafeSlow(CHUNK_BYTES).buffer),
        );
        next = 0;
        try {
          unread = (await handle.readv(chunks, position)).bytesRead;
        } catch (error) {
          throw unreadable(file, position, error);
        }
        if (unread === 0) return undefined;
      }
      const bytes = Math.min(CHUNK_BYTES, unread);
      unread -= bytes;
      position += bytes;
      return chunks[next++]!.subarray(0, bytes);
    },
    get bytesRead() {
      return position;
    },
    close: () => handle.close(),
  };
};

const gzipChunks = (file: string, handle: FileHandle): Chunks => {
  let bytesRead = 0;
  const chunks = gunzipMembers(handle, CHUNK_BYTES, bytes => (bytesRead = bytes));
  let offset = 0;
  return {
    async read() {
      try {
        const { value } = await chunks.next();
        offset += value?.length ?? 0;
        return value;
      } catch (error) {
        throw unreadable(file, offset, error);
      }
    },
    get bytesRead() {
      return bytesRead;
    },
    async close() {
      try {
        await chunks.return(undefined);
      } finally {
        await handle.close();
      }
    },
  };
};

const unreadable = (file: string, offset: number, error: unknown): BufferFileError => {
  if (isDamage(error)) return new BufferFileError({ file, offset, expected: error.expected, found: error.found });
  const expected =
    systemCode(error)?.startsWith('Z_') === true ? 'a complete, undamaged gzip file' : 'a file that can be read';
  return new BufferFileError({ file, offset, expected, found: systemError(error) }, error);
};
