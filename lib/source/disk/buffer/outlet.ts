import type { BufferState, SourceEnd } from './BufferState.js';
import type { Intake } from './intake.js';
import type { OpenBuffer } from './openBuffer.js';
import type { Processed } from './processed.js';

export interface Outlet {
  /** The next message at hand. */
  take(): Uint8Array | undefined;
  /** Fetches more messages, and waits until there are some; `false` after the last one. */
  more(): Promise<boolean>;
}

/** The reading half of a disk buffer: returns what is on disk, then the end of the source. */
export const outlet = (
  state: BufferState,
  { reader, retirement }: OpenBuffer,
  input: Intake,
  processed: Processed,
): Outlet => {
  /** Until this resolves, the consumer is still subscribed and gets every failure. */
  const end = async (how: SourceEnd): Promise<false> => {
    retirement.postpone('packing');
    await processed.idle();
    state.check();
    if (how.type === 'error') throw how.error;
    if (state.now.name !== 'closing') await processed.end(input.writer.written);
    return false;
  };

  return {
    take() {
      const message = reader.take();
      if (message !== undefined) processed.given(message, reader.number);
      return message;
    },
    async more() {
      processed.asked();
      for (;;) {
        state.check();
        const { now } = state;
        if (now.name === 'closing') return false;
        const { written } = input.writer;
        if (reader.hasMore(written)) {
          await reader.fetch(written);
          input.adjustPause();
          return true;
        }
        if (now.name === 'draining') return end(now.end);
        await state.change();
      }
    },
  };
};
