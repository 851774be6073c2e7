import { crc32 } from 'node:zlib';
import { Batch, BATCH_BYTES } from './Batch.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { HEADER_BYTES } from '../format/record.js';
import { closeSegment, segmentOf, syncSegment, type Segment } from './Segment.js';
import { CHECKSUM_BYTES, writeChecksum } from '../format/checksums.js';
import { createTail, type Tail } from './Tail.js';

/** The memory of at most this many written batches is kept for later ones. */
const SPARE_BATCHES = 64;

export interface WriterOptions {
  readonly files: FileSystem;
  readonly directory: string;
  readonly eventsPerFile: number;
  /** The most bytes of one write, unless a single batch has more. */
  readonly writeBytes: number;
  /** The current segments. New ones are appended to this array; the last one is the tail's. */
  readonly segments: Segment[];
  readonly tail: Tail;
  /** Called after each write, when the next one has been started. */
  readonly afterWrite: () => void;
  /** Called when the records up to `synced` are on the disk. */
  readonly afterSync: (synced: number) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/**
 * Appends records to the segments of a folder, in batches, and starts the next segment when one is full.
 *
 *     accept ──► filling [ r r r   ] ──full──► waiting [ batch, batch ] ──write──► tail ──sync──► synced
 *                   ╰───────────── pendingBytes ─────────────╯
 *
 * A  One write or sync is in flight at a time. Messages accepted before it ends go into the next one (group commit).
 *    `afterWrite` is called when the next write has been started, so the source emits while the disk writes.
 * B  A full segment holds all the records that its name says, and is synced before the next one is created.
 * C  A batch never spans two segments.
 * D  After a failure nothing more is written, since it is unknown what a failed sync has lost.
 */
export class SegmentWriter {
  readonly #options: WriterOptions;
  #tail: Tail;

  #filling: Batch | undefined;
  #waiting: Batch[] = [];
  readonly #spare: Uint8Array[] = [];
  #accepted: number;
  /** The number of the last record of the segment that is being filled in memory. */
  #fillingTo: number;

  #synced: number;
  #isSyncDue = false;
  #isWorking = false;
  #work: Promise<void> = Promise.resolve();
  #hasFailed = false;

  pendingBytes = 0;
  /** Bytes of records written since the start. */
  writtenBytes = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#tail = options.tail;
    this.#accepted = options.tail.last;
    this.#synced = options.tail.last;
    this.#fillingTo = options.tail.segment.to;
  }

  get written(): Tail {
    return this.#tail;
  }

  /** Copies a message. */
  accept(message: Uint8Array): void {
    const bytes = HEADER_BYTES + message.length;
    if (this.#accepted === this.#fillingTo) {
      this.#seal();
      this.#fillingTo += this.#options.eventsPerFile;
    }
    if (this.#filling?.fits(bytes) === false) this.#seal();
    this.#filling ??= new Batch(this.#accepted, bytes, bytes <= BATCH_BYTES ? this.#spare.pop() : undefined);
    this.#filling.add(message);
    this.#accepted++;
    this.pendingBytes += bytes;
    this.#begin();
  }

  /** Requests a sync of everything accepted so far. */
  syncSoon(): void {
    this.#isSyncDue = true;
    this.#begin();
  }

  /** Writes and syncs everything accepted. Resolves when nothing is in flight any more, even after a failure. */
  async finish(): Promise<void> {
    this.syncSoon();
    while (this.#isWorking) await this.#work;
  }

  /** Closes the tail. Call it only after `finish`. */
  close(): Promise<void> {
    return closeSegment(this.#tail.files);
  }

  #seal(): void {
    if (this.#filling !== undefined) this.#waiting.push(this.#filling);
    this.#filling = undefined;
  }

  #begin(): void {
    if (this.#isWorking || this.#hasFailed) return;
    this.#isWorking = true;
    // In the next microtask, so that messages emitted synchronously go into one write.
    this.#work = Promise.resolve()
      .then(() => this.#loop())
      .catch((error: unknown) => {
        this.#hasFailed = true;
        this.#isWorking = false;
        this.#options.failed(error);
      });
  }

  async #loop(): Promise<void> {
    for (let isUnreported = false; ;) {
      if (this.#waiting.length === 0) this.#seal();
      const isMore = this.#waiting.length > 0;
      if (!isMore && !isUnreported && !this.#isSyncDue) break;
      const writing = isMore ? this.#write() : undefined;
      try {
        if (isUnreported) this.#options.afterWrite();
      } finally {
        await writing;
      }
      isUnreported = isMore;
      if (this.#isSyncDue) await this.#sync();
    }
    this.#isWorking = false;
  }

  async #write(): Promise<void> {
    if (this.#tail.last === this.#tail.segment.to) await this.#roll();
    const tail = this.#tail;
    const { records, checksums } = tail.files;
    const batches = this.#waiting.splice(0, this.#countTogether(tail.segment));
    const bytes = batches.map(batch => batch.bytes);
    const writing = records.write(bytes, tail.end);
    // The checksums are computed while the disk writes the records.
    const entries = new Uint8Array(batches.length * CHECKSUM_BYTES);
    let position = tail.end;
    batches.forEach(({ last }, at) => {
      position += bytes[at]!.length;
      writeChecksum(crc32, entries, at * CHECKSUM_BYTES, { end: position, last, batch: bytes[at]! });
    });
    await Promise.all([writing, checksums.write([entries], tail.batches * CHECKSUM_BYTES)]);
    this.pendingBytes -= position - tail.end;
    this.writtenBytes += position - tail.end;
    tail.end = position;
    tail.batches += batches.length;
    tail.last = batches.at(-1)!.last;
    for (const { memory } of batches)
      if (memory !== undefined && this.#spare.length < SPARE_BATCHES) this.#spare.push(memory);
  }

  /** How many of the waiting batches go into the next write: at least one, and none of another segment. */
  #countTogether({ to }: Segment): number {
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length && bytes < this.#options.writeBytes; count++) {
      if (this.#waiting[count]!.last > to) break;
      bytes += this.#waiting[count]!.length;
    }
    return count;
  }

  async #sync(): Promise<void> {
    this.#isSyncDue = false;
    const { last, files } = this.#tail;
    if (last === this.#synced) return;
    await syncSegment(files);
    this.#synced = last;
    await this.#options.afterSync(last);
  }

  async #roll(): Promise<void> {
    const { files, directory, eventsPerFile, segments } = this.#options;
    await this.#sync();
    const full = this.#tail;
    const next = segmentOf(full.segment.to + 1, full.segment.to + eventsPerFile);
    this.#tail = await createTail(files, directory, next);
    segments.push(next);
    await closeSegment(full.files);
  }
}
