import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BufferFileError } from '../errors.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { BatchReader, type StoredBatch } from './BatchReader.js';
import { closeSegment, openSegment, type Segment, type SegmentFiles } from './Segment.js';
import { isChecksumOf, readChecksum, checksumBytes } from '../format/checksums.js';
import { mayFollow } from './Tail.js';

/** How far the reader may go: what has been written. */
export interface Written {
  readonly segment: Segment;
  readonly batches: number;
  readonly last: number;
}

/** Bytes that one read takes at most, unless a single batch is larger. */
const readBytes = 1024 * 1024;
/** Entries of the file of sums that one read takes at most. */
const entriesAtOnce = 1024;

/** Where the next read begins: in a segment that is open. */
interface Place {
  readonly segment: Segment;
  readonly files: SegmentFiles;
  /** Bytes of records before it, their batches, and the number of their last record. */
  end: number;
  batches: number;
  last: number;
  /** Bytes of the segment's records, when last looked. */
  fileBytes: number;
  /** Entries that were read and not used yet. */
  entries: Uint8Array;
}

const noBytes = new Uint8Array(0);

/**
 * Reads the buffer's records in order, behind the writer.
 *
 *     segment  [ batch │ batch │ batch │ batch │ …            sums  [ e │ e │ e │ e │ …
 *                               ▲ place: end, batches, last                  ▲
 *     ahead, ≤ 1 MiB, under way ──► verified ──► ready [ batch, batch ] ──► take
 *
 * 1  A batch is given only when its checksum is right; what stands before a damaged one is given, then it is an error.
 * 2  The next read is under way while the one before is verified and given; its failure is told when it is its turn.
 * 3  `number` is that of the record last taken; records come with no gap.
 */
export class SegmentReader {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #segments: readonly Segment[];
  readonly #records: BatchReader;

  #place: Place | undefined;
  /** Numbers of the last record that was planned to be read, and that was verified. */
  #planned: number;
  #verified: number;
  #ahead: Promise<StoredBatch[]> | undefined;
  #damage: BufferFileError | undefined;

  /** Bytes fetched or passed so far, of records. */
  bytes = 0;

  /** Reads on behind record `after`; `segments` is a living list, the oldest first. */
  constructor(
    files: FileSystem,
    directory: string,
    segments: readonly Segment[],
    after: number,
    maxMessageBytes: number,
  ) {
    this.#files = files;
    this.#directory = directory;
    this.#segments = segments;
    this.#planned = after;
    this.#verified = after;
    this.#records = new BatchReader(after, maxMessageBytes);
  }

  /** Passes what is done with in the file that is to be read first, so that `bytes` counts it. Before anything is fetched. */
  async seek(written: Written): Promise<void> {
    if (this.#planned === written.segment.to) return;
    const place = (this.#place = await this.#open());
    const isTail = place.segment.from === written.segment.from;
    while (place.entries.length === 0 && !(isTail && place.batches === written.batches)) {
      place.entries = await this.#readEntries(place, written);
      this.#skip(place);
    }
  }

  /** The number of the record that was taken last. */
  get number(): number {
    return this.#records.number;
  }

  /** The next message at hand: a view of its batch. */
  take(): Uint8Array | undefined {
    return this.#records.take();
  }

  /** Whether there is more to fetch. */
  isBehind(written: Written): boolean {
    return this.#verified < written.last;
  }

  /** Fetches the next batches, up to `written`. One at a time. */
  async fetch(written: Written): Promise<void> {
    if (this.#damage !== undefined) throw this.#damage;
    const batches = await (this.#ahead ?? this.#read(written));
    this.#ahead = undefined;
    if (this.#planned < written.last) {
      this.#ahead = this.#read(written);
      this.#ahead.catch(() => {});
    }
    this.#verify(batches);
  }

  /** Also while a read is under way, which then comes to its end. */
  async close(): Promise<void> {
    await this.#ahead?.catch(() => {});
    const place = this.#place;
    this.#place = undefined;
    if (place !== undefined) await closeSegment(place.files);
  }

  async #read(written: Written): Promise<StoredBatch[]> {
    const place = (this.#place ??= await this.#open());
    if (place.entries.length === 0) place.entries = await this.#readEntries(place, written);
    this.#skip(place);
    const batches = place.entries.length === 0 ? [] : await this.#plan(place);
    const [first] = batches;
    if (first !== undefined) {
      const into = batches.map(({ bytes }) => bytes);
      await place.files.records.read(into, first.offset);
    }
    if (place.last === place.segment.to) {
      this.#place = undefined;
      await closeSegment(place.files);
    }
    return batches;
  }

  async #open(): Promise<Place> {
    const next = this.#planned + 1;
    const segment = this.#segments.find(({ from, to }) => from <= next && next <= to);
    if (segment === undefined) {
      const expected = `a file with record ${next}`;
      throw new BufferFileError({ file: this.#directory, offset: 0, expected, found: 'none' });
    }
    const files = await openSegment(this.#files, this.#directory, segment, 'read');
    return { segment, files, end: 0, batches: 0, last: segment.from - 1, fileBytes: 0, entries: noBytes };
  }

  async #readEntries(place: Place, written: Written): Promise<Uint8Array> {
    const { segment, files } = place;
    const isLast = segment.from === written.segment.from;
    const batches = isLast ? written.batches : Math.floor((await files.checksums.size()) / checksumBytes);
    const count = Math.min(batches - place.batches, entriesAtOnce);
    const entries = new Uint8Array(Math.max(0, count) * checksumBytes);
    const read = count <= 0 ? 0 : await files.checksums.read([entries], place.batches * checksumBytes);
    if (read < checksumBytes)
      this.#fail(place, `records up to ${segment.to}`, `the end of the sums behind record ${place.last}`);
    return entries.subarray(0, read - (read % checksumBytes));
  }

  /** Passes batches that are done with, unread: a wrong end of theirs shows in the checksum of the next one. */
  #skip(place: Place): void {
    while (place.entries.length > 0) {
      const { end, last } = readChecksum(place.entries, 0);
      if (last > this.number || !mayFollow(place, end, last)) break;
      this.bytes += end - place.end;
      this.#pass(place, end, last);
    }
  }

  /** What the next read takes: as many batches as there are entries that may be right, and bytes in the file. */
  async #plan(place: Place): Promise<StoredBatch[]> {
    const batches: StoredBatch[] = [];
    const file = join(this.#directory, place.segment.name);
    for (const start = place.end; place.entries.length > 0 && place.end - start < readBytes;) {
      const { end, last } = readChecksum(place.entries, 0);
      if (!mayFollow(place, end, last)) break;
      if (end > place.fileBytes) place.fileBytes = await place.files.records.size();
      if (end > place.fileBytes) break;
      // Not zeroed: nothing is given but what fits its checksum.
      const bytes = Buffer.allocUnsafeSlow(end - place.end);
      const entry = place.entries.subarray(0, checksumBytes);
      batches.push({ file, bytes, offset: place.end, before: place.last, last, entry });
      this.#pass(place, end, last);
    }
    if (batches.length === 0) this.#fail(place, ...damaged);
    return batches;
  }

  #pass(place: Place, end: number, last: number): void {
    place.end = end;
    place.last = last;
    place.batches++;
    place.entries = place.entries.subarray(checksumBytes);
    this.#planned = Math.max(this.#planned, last);
  }

  #verify(batches: readonly StoredBatch[]): void {
    for (const batch of batches) {
      const { file, bytes, offset, last, entry } = batch;
      if (!isChecksumOf(crc32, entry, 0, bytes)) {
        const [expected, found] = damaged;
        this.#damage = new BufferFileError({ file, offset, expected, found });
        if (batch === batches[0]) throw this.#damage;
        return;
      }
      this.#records.add(batch);
      this.#verified = last;
      this.bytes += bytes.length;
    }
  }

  #fail(place: Place, expected: string, found: string): never {
    const file = join(this.#directory, place.segment.name);
    throw new BufferFileError({ file, offset: place.end, expected, found });
  }
}

const damaged = ['records that fit their checksum', 'damage in them or in their file of sums'] as const;
