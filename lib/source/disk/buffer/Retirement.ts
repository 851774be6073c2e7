import type { Cursor } from './Cursor.js';
import type { FileSystem } from './fileSystem/FileSystem.js';
import { removeSegment, type Segment } from './Segment.js';

/** What becomes of segments that are done with (promise D3). */
export interface Retirement {
  retire(segments: readonly Segment[]): Promise<void>;
  /** Leaves packing to the next start; with `all`, copying to another volume too: both may take long. */
  postpone(what: 'packing' | 'all'): void;
  /** Waits for what is under way, then releases what it holds. */
  close(): Promise<void>;
}

/** They are removed. */
export const removal = (files: FileSystem, directory: string): Retirement => ({
  async retire(segments) {
    for (const segment of segments) await removeSegment(files, directory, segment);
  },
  postpone: () => {},
  close: () => Promise.resolve(),
});

export interface Retiring {
  /** Begins to retire those that the cursor has passed. */
  begin(): void;
  /** Retires the last one, which holds records up to its `to`, or none; nothing else may be under way. */
  retireLast(segment: Segment): Promise<void>;
  /** Resolves when all that was begun is retired. */
  idle(): Promise<void>;
}

/**
 * Retires segments that are done with, after the cursor was synced, all that are due together: each batch costs the same few
 * syncs, however many they are.
 */
export const retiring = (options: {
  /** The living list of segments; the last one is the tail's, and stays. */
  readonly segments: Segment[];
  readonly cursor: Cursor;
  readonly retirement: Retirement;
  readonly failed: (error: unknown) => void;
}): Retiring => {
  const { segments, cursor, retirement, failed } = options;
  const due: Segment[] = [];
  let isRetiring = false;
  let work: Promise<void> = Promise.resolve();

  const retireDue = async () => {
    try {
      while (due.length > 0) {
        const batch = due.splice(0);
        await cursor.sync();
        await retirement.retire(batch);
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
    retireLast: segment => retirement.retire([segment]),
    idle: () => work,
  };
};
