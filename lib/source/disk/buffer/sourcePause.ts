import type { Observable } from 'rxjs';
import { anyTrue } from '../../../flow/level/anyTrue.js';
import { Watermark } from '../../../flow/level/Watermark.js';
import type { Notify } from '../../../flow/reporter.js';
import type { BufferOptions } from './bufferOptions.js';

export interface SourcePause {
  readonly level$: Observable<boolean>;
  /** Updates the level. `pendingBytes` wait to be written; `unreadBytes` are on disk and have not been read. */
  adjust(pendingBytes: number, unreadBytes: number): void;
}

/** The level that pauses the source (promise D1): too much waits for the disk, or too much on disk waits to be read. */
export const sourcePause = (
  { directory, writeBufferBytes, maxBufferedBytes }: BufferOptions,
  notify: Notify,
): SourcePause => {
  // The options say how much is allowed to wait, so each mark is one byte above.
  const busy = new Watermark(Infinity, writeBufferBytes + 1);
  const full = new Watermark(Infinity, maxBufferedBytes + 1);
  const paused = anyTrue();
  return {
    level$: paused.level$,
    adjust(pendingBytes, unreadBytes) {
      busy.update(0, pendingBytes);
      if (full.update(0, unreadBytes) && full.reached) notify({ type: 'Full', what: directory });
      // One level for both marks: bytes that leave memory enter the disk, and in between the source must not be resumed.
      const isPaused = busy.reached || full.reached;
      if (isPaused === paused.value) return;
      if (isPaused) paused.raise();
      else paused.lower();
    },
  };
};
