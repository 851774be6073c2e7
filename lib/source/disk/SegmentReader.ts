import { join } from 'node:path';
import { BufferFileError } from './BufferFileError.js';
import type { Files } from './Files.js';
import { RecordFramer } from './RecordFramer.js';
import { closeSegment, openSegment, type Segment, type SegmentFiles } from './Segment.js';
import { isSumOf, readSum, sumBytes } from './sums.js';
import { mayFollow } from './Tail.js';

/** How far the reader may go: what has been written. */
export interface Written {
  readonly segment: Segment;
  readonly batches: number;
  readonly last: number;
}

/** Bytes that one read takes at most, unless a single batch is larger. */
const readBytes = 512 * 1024;
/** Entries of the file of sums that one read takes at most. */
const entriesAtOnce = 1024;

/**
 * Reads the buffer's records in order, behind the writer.
 *
 *     segment  [ batch │ batch │ batch │ batch │ …            sums  [ e │ e │ e │ e │ …
 *                      ▲ end, last                                      ▲ batches
 *                      └── the next fetch ── ≤ 512 kB ──► ready [ batch, batch ] ──► framer ──► take
 *
 * 1  A batch is given only when its checksum is right; what stands before a damaged one is given, then it is an error.
 * 2  `number` is that of the record last taken; records come with no gap.
 */
export class SegmentReader {
  readonly #files: Files;
  readonly #directory: string;
  readonly #segments: readonly Segment[];
  readonly #maxMessageBytes: number;

  #segment: Segment | undefined;
  #opened: SegmentFiles | undefined;
  /** Bytes of the segment that are fetched, their batches, and number of their last record. */
  #end = 0;
  #batches = 0;
  #last = 0;

  /** Bytes of the segment's records, when last looked. */
  #fileBytes = 0;
  /** Entries that were read and not used yet. */
  #entries: Uint8Array = new Uint8Array(0);

  readonly #ready: Uint8Array[] = [];
  readonly #framer: RecordFramer;
  number: number;
  /** Bytes fetched so far, of records. */
  bytes = 0;

  /** Reads on behind record `after`; `segments` is a living list, the oldest first. */
  constructor(files: Files, directory: string, segments: readonly Segment[], after: number, maxMessageBytes: number) {
    this.#files = files;
    this.#directory = directory;
    this.#segments = segments;
    this.number = after;
    this.#maxMessageBytes = maxMessageBytes;
    this.#framer = new RecordFramer(directory, maxMessageBytes);
  }

  take(): Uint8Array | undefined {
    for (;;) {
      const message = this.#framer.take();
      if (message !== undefined) {
        this.number++;
        return message;
      }
      const batch = this.#ready.shift();
      if (batch === undefined) return undefined;
      this.#framer.push(batch);
    }
  }

  /** Whether there is more to fetch. */
  isBehind(written: Written): boolean {
    return Math.max(this.#last, this.number) < written.last;
  }

  /** Fetches the next batches, up to `written`; `take` may go on meanwhile. One at a time. */
  async fetch(written: Written): Promise<void> {
    const { segment, opened } = await this.#open();
    if (this.#entries.length === 0) this.#entries = await this.#readEntries(segment, opened, written);
    this.#entries = this.#entries.subarray(this.#skip(segment, this.#entries));
    if (this.#entries.length > 0) await this.#fetchBatches(segment, opened);
    if (this.#last === segment.to) await this.#leave();
  }

  async #readEntries(segment: Segment, { sums }: SegmentFiles, written: Written): Promise<Uint8Array> {
    const isLast = segment.from === written.segment.from;
    const batches = isLast ? written.batches : Math.floor((await sums.size()) / sumBytes);
    const count = Math.min(batches - this.#batches, entriesAtOnce);
    if (count <= 0) this.#fail(`records up to ${segment.to}`, `the end of the sums behind record ${this.#last}`);
    const entries = new Uint8Array(count * sumBytes);
    const read = await sums.read([entries], this.#batches * sumBytes);
    return entries.subarray(0, read - (read % sumBytes));
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened !== undefined) await closeSegment(opened);
  }

  async #open(): Promise<{ readonly segment: Segment; readonly opened: SegmentFiles }> {
    const next = Math.max(this.#last, this.number) + 1;
    const segment = this.#segment ?? this.#segments.find(({ from, to }) => from <= next && next <= to);
    if (segment === undefined) this.#fail(`a file with record ${next}`, 'none');
    if (this.#opened === undefined) {
      this.#opened = await openSegment(this.#files, this.#directory, segment, 'read');
      this.#segment = segment;
      this.#end = 0;
      this.#batches = 0;
      this.#last = segment.from - 1;
      this.#fileBytes = 0;
      this.#entries = new Uint8Array(0);
    }
    return { segment, opened: this.#opened };
  }

  async #leave(): Promise<void> {
    await this.close();
    this.#segment = undefined;
  }

  /** Passes batches that are done with, unread: a wrong end of theirs shows in the checksum of the next one. */
  #skip(segment: Segment, entries: Uint8Array): number {
    let at = 0;
    for (; at + sumBytes <= entries.length; at += sumBytes) {
      const { end, last } = readSum(entries, at);
      if (last > this.number || !mayFollow({ segment, end: this.#end, last: this.#last }, end, last)) break;
      this.bytes += end - this.#end;
      this.#end = end;
      this.#last = last;
      this.#batches++;
    }
    return at;
  }

  async #fetchBatches(segment: Segment, { records }: SegmentFiles): Promise<void> {
    const entries = this.#entries;
    const batches: Uint8Array[] = [];
    const start = this.#end;
    let [end, last] = [this.#end, this.#last];
    for (let at = 0; at < entries.length && end - start < readBytes; at += sumBytes) {
      const sum = readSum(entries, at);
      if (!mayFollow({ segment, end, last }, sum.end, sum.last)) break;
      if (sum.end > this.#fileBytes) this.#fileBytes = await records.size();
      if (sum.end > this.#fileBytes) break;
      batches.push(new Uint8Array(sum.end - end));
      ({ end, last } = sum);
    }
    const read = await records.read(batches, start);
    let whole = 0;
    for (const [at, batch] of batches.entries()) {
      whole += batch.length;
      if (whole > read || !isSumOf(entries, at * sumBytes, batch)) break;
      this.#accept(batch, readSum(entries, at * sumBytes));
      this.#entries = entries.subarray((at + 1) * sumBytes);
    }
    if (this.#end === start) this.#fail('records that fit their checksum', 'damage in them or in their file of sums');
  }

  #accept(batch: Uint8Array, { end, last }: { readonly end: number; readonly last: number }): void {
    this.#end = end;
    this.#batches++;
    this.bytes += batch.length;
    // What is done with is not given again: it may be the batch's beginning.
    const done = Math.max(0, this.number - this.#last);
    this.#ready.push(done === 0 ? batch : this.#without(batch, done));
    this.#last = last;
  }

  #without(batch: Uint8Array, count: number): Uint8Array {
    const framer = new RecordFramer(this.#path(), this.#maxMessageBytes);
    framer.push(batch);
    for (let skipped = 0; skipped < count; skipped++) framer.take();
    return batch.subarray(framer.offset);
  }

  #path(): string {
    return join(this.#directory, this.#segment?.name ?? '');
  }

  #fail(expected: string, found: string): never {
    throw new BufferFileError({ file: this.#path(), offset: this.#end, expected, found });
  }
}
