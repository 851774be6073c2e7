import type { FileHandle } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { gzipHeaderBytes, isGzip, TRAILER_BYTES } from '../format/gzipHeader.js';

/** Zeros after the last member are padding if they fill blocks of this size, as on tapes. */
const PADDING_BLOCK = 512;

/** What is wrong with a gzipped file. */
interface Damage {
  readonly expected: string;
  readonly found: string;
}

class GzipDamage extends Error implements Damage {
  override readonly name = 'GzipDamage';
  readonly expected: string;
  readonly found: string;

  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`);
    this.expected = expected;
    this.found = found;
  }
}

/** Whether `gunzipMembers` threw this because the file is damaged. */
export const isDamage = (error: unknown): error is Damage => (error as Error | null)?.name === 'GzipDamage';

/**
 * Unpacks the members of a gzipped file, one after the other. Node's `createGunzip` does not suffice: it stops at the
 * first zeros between two members, whatever comes after them.
 *
 * Yields everything before the damage, then throws `GzipDamage`. Also throws the errors of zlib and of the system.
 */
export const gunzipMembers = async function* (
  handle: FileHandle,
  chunkBytes: number,
  /** Called with the number of bytes of the file that have been read so far. */
  progress: (bytes: number) => void,
): AsyncGenerator<Uint8Array, undefined> {
  const { size } = await handle.stat();
  for (let position = 0; ;) {
    const start = await readAt(handle, position, chunkBytes);
    progress(position);
    if (position > 0 && start.length === 0) return undefined;
    if (!isGzip(start)) {
      await checkPadding(handle, position, size, chunkBytes);
      progress(size);
      return undefined;
    }
    const headerBytes = gzipHeaderBytes(start);
    if (headerBytes === undefined)
      throw new GzipDamage('a complete, undamaged gzip file', `an incomplete header at ${position}`);

    const inflate = createInflateRaw({ chunkSize: chunkBytes });
    const body = position + headerBytes;
    let read = body;
    const packed = Readable.from(
      chunksFrom(handle, body, chunkBytes, bytes => (read = bytes)),
      { highWaterMark: 1 },
    );
    // The iterator throws the errors; the callback is there because `pipeline` requires one.
    const unpacked = pipeline(packed, inflate, () => {});
    let crc = 0;
    let bytes = 0;
    try {
      for await (const chunk of unpacked as AsyncIterable<Uint8Array>) {
        crc = crc32(chunk, crc);
        bytes += chunk.length;
        progress(read);
        yield chunk;
      }
    } finally {
      // no read may be in flight when the file is closed
      if (!packed.destroyed) packed.destroy();
      inflate.destroy();
    }
    const end = body + inflate.bytesWritten;
    const trailer = Buffer.from(await readAt(handle, end, TRAILER_BYTES));
    if (
      trailer.length < TRAILER_BYTES ||
      trailer.readUInt32LE(0) !== crc ||
      trailer.readUInt32LE(4) !== bytes % 2 ** 32
    )
      throw new GzipDamage('a complete, undamaged gzip file', `a wrong checksum at ${end}`);
    position = end + TRAILER_BYTES;
  }
};

const checkPadding = async (handle: FileHandle, from: number, size: number, chunkBytes: number): Promise<void> => {
  const isAligned = (size - from) % PADDING_BLOCK === 0 || size % PADDING_BLOCK === 0;
  for (let position = from; position < size;) {
    const bytes = await readAt(handle, position, chunkBytes);
    if (bytes.length === 0) return;
    if (!isAligned || bytes.some(byte => byte !== 0)) {
      const words = `${size - from} other bytes at ${from}`;
      throw new GzipDamage('the end of the file, or another gzip member', words);
    }
    position += bytes.length;
  }
};

const chunksFrom = async function* (
  handle: FileHandle,
  start: number,
  chunkBytes: number,
  reached: (position: number) => void,
): AsyncGenerator<Uint8Array> {
  for (let position = start; ;) {
    const bytes = await readAt(handle, position, chunkBytes);
    if (bytes.length === 0) return;
    position += bytes.length;
    reached(position);
    yield bytes;
  }
};

const readAt = async (handle: FileHandle, position: number, bytes: number): Promise<Uint8Array> => {
  const into = new Uint8Array(bytes);
  const { bytesRead } = await handle.read(into, 0, bytes, position);
  return into.subarray(0, bytesRead);
};
