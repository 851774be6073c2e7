import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BufferFileError } from '../errors.js';
import { cursorBytes, parseCursor, printSlot, slotCount, slotDistance } from '../format/cursorSlot.js';
import type { FileSystem, OpenFile } from './fileSystem/FileSystem.js';

export const cursorName = '.cursor';

/**
 * The cursor file of a disk buffer.
 *
 *     move ──► a slot that is not the newest, nor stable, nor being synced: now the newest
 *     sync ──► the newest slot becomes the stable one
 *
 * 1  The stable slot is not written to until another one is synced: a crashed machine finds it, or a newer one.
 * 2  The newest slot is not written to: a process killed while it writes leaves the one before.
 * 3  What `move` was given survives a killed process when it returns, and a crashed machine when the next `sync` is done.
 */
export class Cursor {
  readonly #file: OpenFile;
  #generation: number;
  #newest: number;
  #stable: number;
  #syncing: number | undefined;
  #isDirty = false;
  /** One is under way at a time. After one that failed, all fail: what it has forgotten is not known. */
  #lastSync = Promise.resolve();
  acknowledged: number;
  synced: number;

  private constructor(file: OpenFile, at: { generation: number; acknowledged: number; synced: number; slot: number }) {
    this.#file = file;
    this.#generation = at.generation;
    this.#newest = at.slot;
    this.#stable = at.slot;
    this.acknowledged = at.acknowledged;
    this.synced = at.synced;
  }

  /** Opens the cursor of a folder. */
  static async open(files: FileSystem, directory: string): Promise<Cursor> {
    const path = join(directory, cursorName);
    const file = await files.open(path, 'update');
    try {
      const bytes = new Uint8Array(cursorBytes);
      const read = await file.read([bytes], 0);
      const state = parseCursor(crc32, bytes.subarray(0, read));
      const expected = 'a cursor with at least one sound slot';
      if (state === undefined) throw new BufferFileError({ file: path, offset: 0, expected, found: 'none' });
      // The newest slot may be one that a killed process did not come to sync.
      await file.sync();
      return new Cursor(file, state);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Made aside and moved into place: a cursor that is there has a sound slot. It stands after record `start`. */
  static async create(files: FileSystem, directory: string, start: number): Promise<Cursor> {
    const path = join(directory, cursorName);
    const fresh = `${path}.new`;
    const file = await files.open(fresh, 'create');
    const bytes = new Uint8Array(cursorBytes);
    bytes.set(printSlot(crc32, { generation: 1, acknowledged: start, synced: start }));
    try {
      await file.write([bytes], 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(fresh, path);
    await files.syncDirectory(directory);
    return Cursor.open(files, directory);
  }

  /** Notes where things stand; before it returns. */
  move(to: { readonly acknowledged?: number; readonly synced?: number }): void {
    const { acknowledged = this.acknowledged, synced = this.synced } = to;
    if (acknowledged === this.acknowledged && synced === this.synced) return;
    const slot = printSlot(crc32, { generation: ++this.#generation, acknowledged, synced });
    const free = this.#free();
    this.#file.writeNow(slot, free * slotDistance);
    // Only what was written counts: segments are retired by it.
    this.#newest = free;
    this.#isDirty = true;
    this.acknowledged = acknowledged;
    this.synced = synced;
  }

  sync(): Promise<void> {
    return (this.#lastSync = this.#lastSync.then(() => this.#syncNow()));
  }

  async #syncNow(): Promise<void> {
    if (!this.#isDirty) return;
    const slot = this.#newest;
    this.#syncing = slot;
    this.#isDirty = false;
    await this.#file.sync();
    this.#stable = slot;
    this.#syncing = undefined;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #free(): number {
    const taken = [this.#newest, this.#stable, this.#syncing];
    let slot = 0;
    while (taken.includes(slot)) slot++;
    return slot % slotCount;
  }
}
