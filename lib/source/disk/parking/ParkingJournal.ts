import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { Cursor, CURSOR_NAME } from '../buffer/Cursor.js';
import type { FileSystem, OpenFile } from '../buffer/fileSystem/FileSystem.js';
import { BufferFileError } from '../errors.js';
import { printParkingLine, readParkingLine, type ParkingLine } from '../format/parkingRecord.js';

const JOURNAL_NAME = 'parked';

/**
 * The file of a parking, in a locked folder. Lines are appended and synced; the cursor says how many were synced.
 *
 *     append ──► write ──► sync ──► cursor        rewrite ──► a new file ──► sync ──► renamed into place ──► cursor
 *
 * PJ1  A line is durable once the cursor has its number. If a durable line is missing or damaged, opening rejects.
 * PJ2  A damaged line after the cursor was cut off by a crash. It is removed.
 * PJ3  After a failed write or sync the content of the disk is unknown. Nothing is appended until a rewrite has succeeded.
 */
export class ParkingJournal {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #cursor: Cursor;
  #file: OpenFile | undefined;
  /** The number of the last line. */
  #last: number;
  /** The size of the file, in bytes. */
  bytes: number;
  /** The size of the file after the last rewrite, in bytes; 0 if it was not rewritten since it was opened. */
  rewritten = 0;
  /** Whether the file must be rewritten before anything is appended. */
  isBroken: boolean;

  private constructor(
    files: FileSystem,
    directory: string,
    cursor: Cursor,
    file: OpenFile | undefined,
    at: { readonly last: number; readonly bytes: number },
  ) {
    this.#files = files;
    this.#directory = directory;
    this.#cursor = cursor;
    this.#file = file;
    this.#last = at.last;
    this.bytes = at.bytes;
    this.isBroken = file === undefined;
  }

  /**
   * Opens the journal of a folder, or creates one. `line` is called with each of its lines. Rejects with
   * `BufferFileError` if a durable line is missing or damaged.
   */
  static async open(files: FileSystem, directory: string, line: (line: ParkingLine) => void): Promise<ParkingJournal> {
    const names = await files.list(directory);
    const path = join(directory, JOURNAL_NAME);
    const isThere = names.includes(JOURNAL_NAME);
    if (isThere && !names.includes(CURSOR_NAME))
      throw new BufferFileError({ file: join(directory, CURSOR_NAME), offset: 0, expected: 'a cursor', found: 'none' });
    const cursor =
      isThere || names.includes(CURSOR_NAME)
        ? await Cursor.open(files, directory)
        : await Cursor.create(files, directory, 0);
    let file: OpenFile | undefined;
    try {
      if (!isThere) {
        if (cursor.synced > 0)
          throw new BufferFileError({
            file: path,
            offset: 0,
            expected: `lines up to ${cursor.synced}`,
            found: 'no file',
          });
        return new ParkingJournal(files, directory, cursor, undefined, { last: 0, bytes: 0 });
      }
      file = await files.open(path, 'update');
      const bytes = new Uint8Array(await file.size());
      const read = await file.read([bytes], 0);
      const { last, end } = readLines(path, bytes.subarray(0, read), cursor.synced, line);
      if (end < bytes.length) await file.truncate(end);
      // a killed process may not have synced its last lines
      await file.sync();
      cursor.move({ synced: last });
      return new ParkingJournal(files, directory, cursor, file, { last, bytes: end });
    } catch (error) {
      await Promise.allSettled([file?.close(), cursor.close()]);
      throw error;
    }
  }

  /** Appends lines. Resolves when they are synced. */
  async append(lines: readonly ParkingLine[]): Promise<void> {
    const file = this.#file!;
    const records = lines.map((line, i) => printParkingLine(crc32, this.#last + 1 + i, line));
    this.isBroken = true;
    await file.write(records, this.bytes);
    await file.sync();
    this.#done(records, lines.length);
    this.isBroken = false;
  }

  /** Replaces the file by one with these lines. */
  async rewrite(lines: readonly ParkingLine[]): Promise<void> {
    const path = join(this.#directory, JOURNAL_NAME);
    const fresh = `${path}.new`;
    this.isBroken = true;
    const file = await this.#files.open(fresh, 'create');
    const records = lines.map((line, i) => printParkingLine(crc32, this.#last + 1 + i, line));
    try {
      await file.write(records, 0);
      await file.sync();
      await this.#files.rename(fresh, path);
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    const old = this.#file;
    this.#file = file;
    this.bytes = 0;
    await old?.close();
    await this.#files.syncDirectory(this.#directory);
    this.#done(records, lines.length);
    this.rewritten = this.bytes;
    this.isBroken = false;
  }

  /** Closes the files. Call it only if nothing is in flight. */
  async close(): Promise<void> {
    try {
      await this.#cursor.sync();
    } finally {
      await Promise.allSettled([this.#file?.close(), this.#cursor.close()]);
    }
  }

  #done(records: readonly Uint8Array[], lines: number): void {
    this.#last += lines;
    this.bytes += records.reduce((sum, { length }) => sum + length, 0);
    this.#cursor.move({ synced: this.#last });
  }
}

/** Reads the lines of a file. Throws if one of the first `synced` is damaged or missing. */
const readLines = (
  path: string,
  bytes: Uint8Array,
  synced: number,
  take: (line: ParkingLine) => void,
): { readonly last: number; readonly end: number } => {
  let end = 0;
  let last: number | undefined;
  for (;;) {
    const read = readParkingLine(crc32, bytes, end, last === undefined ? undefined : last + 1);
    if (read === undefined) break;
    take(read.line);
    last = read.number;
    end = read.end;
  }
  if ((last ?? 0) < synced) {
    const found = end === bytes.length ? 'the end of the file' : 'a damaged line';
    throw new BufferFileError({ file: path, offset: end, expected: `line ${(last ?? 0) + 1} of ${synced}`, found });
  }
  return { last: last ?? 0, end };
};
