import type { Cursor } from './Cursor.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { removeSegment, type Segment } from './Segment.js';

/** Removes or archives processed segments (promise D3). */
export interface Retirement {
  /** A segment whose `to` is before its `from` is empty. */
  retire(segments: readonly Segment[]): Promise<void>;
  /** Leaves gzipping to the next start, since it may take long. With `all`, copying to another volume as well. */
  postpone(what: 'packing' | 'all'): void;
  /** Waits for the work in flight, then releases the archive. */
  close(): Promise<void>;
}

/** Removes processed segments. */
export const removal = (files: FileSystem, directory: string): Retirement => ({
  async retire(segments) {
    for (const segment of segments) await removeSegment(files, directory, segment);
  },
  postpone: () => {},
  close: () => Promise.resolve(),
});

export interface RetirementQueue {
  /** Begins to retire the segments that the cursor has passed. */
  begin(): void;
  /** Resolves when everything that was begun is retired. */
  idle(): Promise<void>;
}

/**
 * Retires processed segments after the cursor was synced. Segments that become due during a round are all retired in the
 * next one: each round costs the same few syncs, however many segments it retires.
 */
export const retirementQueue = (options: {
  /** The current segments. Retired ones are removed from this array; the last one is the tail's, and stays. */
  readonly segments: Segment[];
  readonly cursor: Cursor;
  readonly retirement: Retirement;
  readonly failed: (error: unknown) => void;
}): RetirementQueue => {
  const { segments, cursor, retirement, failed } = options;
  const due: Segment[] = [];
  let isRetiring = false;
  let work: Promise<void> = Promise.resolve();

  const retireDue = async () => {
    try {
      while (due.length > 0) {
        const round = due.splice(0);
        await cursor.sync();
        await retirement.retire(round);
      }
    } finally {
      isRetiring = false;
    }
  };

  return {
    begin() {
      while (segments.length > 1 && segments[0]!.to <= cursor.acknowledged) due.push(segments.shift()!);
      if (due.length === 0 || isRetiring) return;
      isRetiring = true;
      work = retireDue().catch(failed);
    },
    idle: () => work,
  };
};
