import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BufferFileError } from '../errors.js';
import { CURSOR_BYTES, parseCursor, printSlot, SLOT_COUNT, SLOT_DISTANCE } from '../format/cursorSlot.js';
import type { FileSystem, OpenFile } from './fileSystem/FileSystem.js';

export const CURSOR_NAME = '.cursor';

/**
 * The cursor file of a disk buffer.
 *
 *     move ──► writes a slot that is neither the newest, nor stable, nor being synced; it is now the newest
 *     sync ──► the newest slot becomes the stable one
 *
 * A  The stable slot is not overwritten until another one is synced, so one of the two survives a crash of the machine.
 * B  The newest slot is not overwritten, so it survives if the process is killed during a write.
 * C  A move survives a killed process once it returns, and a crashed machine once the next `sync` resolves.
 */
export class Cursor {
  readonly #file: OpenFile;
  #generation: number;
  #newest: number;
  #stable: number;
  #syncing: number | undefined;
  #isDirty = false;
  /** One sync at a time. After one has failed all others fail, since it is unknown what the failed one has lost. */
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
    const path = join(directory, CURSOR_NAME);
    const file = await files.open(path, 'update');
    try {
      const bytes = new Uint8Array(CURSOR_BYTES);
      const read = await file.read([bytes], 0);
      const state = parseCursor(crc32, bytes.subarray(0, read));
      const expected = 'a cursor with at least one undamaged slot';
      if (state === undefined) throw new BufferFileError({ file: path, offset: 0, expected, found: 'none' });
      // A killed process may not have synced the newest slot.
      await file.sync();
      return new Cursor(file, state);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Creates a cursor after record `start`. It is renamed into place, so that every cursor file has an undamaged slot. */
  static async create(files: FileSystem, directory: string, start: number): Promise<Cursor> {
    const path = join(directory, CURSOR_NAME);
    const fresh = `${path}.new`;
    const file = await files.open(fresh, 'create');
    const bytes = new Uint8Array(CURSOR_BYTES);
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

  /** Writes the new position before it returns. */
  move(to: { readonly acknowledged?: number; readonly synced?: number }): void {
    const { acknowledged = this.acknowledged, synced = this.synced } = to;
    if (acknowledged === this.acknowledged && synced === this.synced) return;
    const slot = printSlot(crc32, { generation: ++this.#generation, acknowledged, synced });
    const free = this.#free();
    this.#file.writeNow(slot, free * SLOT_DISTANCE);
    // Updated only after the write, because segments are retired up to these numbers.
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
    return slot % SLOT_COUNT;
  }
}
