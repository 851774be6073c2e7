import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { BufferFileError } from '../errors.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { BatchReader, type StoredBatch } from './BatchReader.js';
import { closeSegment, openSegment, type Segment, type SegmentFiles } from './Segment.js';
import { isChecksumOf, readChecksum, CHECKSUM_BYTES } from '../format/checksums.js';
import { mayFollow } from './Tail.js';

/** What has been written: the reader stops there. */
export interface Written {
  readonly segment: Segment;
  readonly batches: number;
  readonly last: number;
}

/** The most bytes of one read, unless a single batch is larger. */
const READ_BYTES = 1024 * 1024;
/** The most checksum entries of one read. */
const ENTRIES_AT_ONCE = 1024;

/** The open segment, and where the next read begins in it. */
interface Place {
  readonly segment: Segment;
  readonly files: SegmentFiles;
  /** The records before that place: their bytes, their batches, and the number of the last one. */
  end: number;
  batches: number;
  last: number;
  /** The size of the file of records when it was last read. */
  fileBytes: number;
  /** Checksum entries that were read and not used yet. */
  entries: Uint8Array;
}

const noBytes = new Uint8Array(0);

/**
 * Reads the records of the buffer in order, up to what the writer has written.
 *
 *     segment  [ batch │ batch │ batch │ batch │ …            sums  [ e │ e │ e │ e │ …
 *                               ▲ place: end, batches, last                  ▲
 *     ahead, ≤ 1 MiB, in flight ──► verified ──► ready [ batch, batch ] ──► take
 *
 * A  A batch is returned only if its checksum matches. The batches before a damaged one are returned, then the error is
 *    thrown.
 * B  The next read is in flight while the batches of the previous one are verified and returned. If it fails, the error is
 *    thrown after them.
 * C  Records are returned without gaps.
 */
export class SegmentReader {
  readonly #files: FileSystem;
  readonly #directory: string;
  readonly #segments: readonly Segment[];
  readonly #records: BatchReader;

  #place: Place | undefined;
  /** The number of the last record whose read was planned, and of the last one that was verified. */
  #planned: number;
  #verified: number;
  #ahead: Promise<StoredBatch[]> | undefined;
  #damage: BufferFileError | undefined;

  /** Bytes of records fetched or skipped so far. */
  bytes = 0;

  /** Reads the records after number `after`. `segments` has the current ones, the oldest first; other parts change it. */
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

  /** Skips the processed part of the first file, so that `bytes` counts it. Call it before anything is fetched. */
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
  hasMore(written: Written): boolean {
    return this.#verified < written.last;
  }

  /** Fetches the next batches, up to `written`. One call at a time. */
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

  /** Closes the open segment, after a read in flight has ended. */
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
    const batches = isLast ? written.batches : Math.floor((await files.checksums.size()) / CHECKSUM_BYTES);
    const count = Math.min(batches - place.batches, ENTRIES_AT_ONCE);
    const entries = new Uint8Array(Math.max(0, count) * CHECKSUM_BYTES);
    const read = count <= 0 ? 0 : await files.checksums.read([entries], place.batches * CHECKSUM_BYTES);
    if (read < CHECKSUM_BYTES)
      this.#fail(place, `records up to ${segment.to}`, `the end of the checksums after record ${place.last}`);
    return entries.subarray(0, read - (read % CHECKSUM_BYTES));
  }

  /** Skips processed batches without reading them. If an entry has a wrong end, the next checksum does not match. */
  #skip(place: Place): void {
    while (place.entries.length > 0) {
      const { end, last } = readChecksum(place.entries, 0);
      if (last > this.number || !mayFollow(place, end, last)) break;
      this.bytes += end - place.end;
      this.#pass(place, end, last);
    }
  }

  /** The batches of the next read: as many as have valid entries, and enough bytes in the file. */
  async #plan(place: Place): Promise<StoredBatch[]> {
    const batches: StoredBatch[] = [];
    const file = join(this.#directory, place.segment.name);
    for (const start = place.end; place.entries.length > 0 && place.end - start < READ_BYTES;) {
      const { end, last } = readChecksum(place.entries, 0);
      if (!mayFollow(place, end, last)) break;
      if (end > place.fileBytes) place.fileBytes = await place.files.records.size();
      if (end > place.fileBytes) break;
      // Not zeroed, since no batch is returned unless its checksum matches.
      const bytes = Buffer.allocUnsafeSlow(end - place.end);
      const entry = place.entries.subarray(0, CHECKSUM_BYTES);
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
    place.entries = place.entries.subarray(CHECKSUM_BYTES);
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

const damaged = ['records that match their checksum', 'damage in them or in their checksums'] as const;
