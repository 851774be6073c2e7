import { subscribeOwned } from '../../../flow/subscribeOwned.js';
import { acknowledgeByBlock, acknowledgeByDemand } from './acknowledge.js';
import type { BufferOptions } from './bufferOptions.js';
import type { BufferState } from './BufferState.js';
import type { OpenBuffer } from './openBuffer.js';
import { retirementQueue } from './Retirement.js';
import type { Tail } from './Tail.js';

/** The cursor is moved at the latest after this many bytes were given. */
const SETTLE_EVERY = 64 * 1024;

export interface Settlement {
  /** The consumer received a message. */
  given(message: Uint8Array, number: number): void;
  /** The consumer asks for more, so it has received everything before. */
  asked(): void;
  /** Moves the cursor to what has been processed, and begins to retire the segments before it. */
  settle(): void;
  /** Subscribes to `done$`, if that is what names the processed blocks. */
  followDone(): void;
  /** Resolves when no segment is being retired any more. */
  idle(): Promise<void>;
  /** Retires the last segment too, if all of its records have been processed. */
  retireLast(written: Tail): Promise<void>;
}

/** What becomes of messages that have been processed: the cursor passes them, and their segments are retired. */
export const settlement = (
  state: BufferState,
  { cursor, retirement, segments }: OpenBuffer,
  { acknowledge }: BufferOptions,
): Settlement => {
  const byBlock = acknowledge && acknowledgeByBlock(cursor.acknowledged, acknowledge.blockOf);
  const processed = byBlock ?? acknowledgeByDemand(cursor.acknowledged);
  const queue = retirementQueue({ segments, cursor, retirement, failed: state.fail });
  let unsettledBytes = 0;

  const settle = () => {
    unsettledBytes = 0;
    const { acknowledged } = processed;
    if (acknowledged > cursor.acknowledged) cursor.move({ acknowledged });
    if (state.now.name !== 'failed') queue.begin();
  };
  const named = (key: string) => {
    byBlock?.named(key);
    settle();
  };

  return {
    given(message, number) {
      processed.given(message, number);
      unsettledBytes += message.length;
      if (unsettledBytes >= SETTLE_EVERY) settle();
    },
    asked() {
      processed.asked();
      settle();
    },
    settle,
    followDone() {
      if (acknowledge === undefined) return;
      const next = (key: string) => state.attempt(() => named(key));
      subscribeOwned(state.subscriptions, acknowledge.done$, { next, error: state.fail });
    },
    idle: () => queue.idle(),
    async retireLast({ segment, last }) {
      if (cursor.acknowledged < last) return;
      retirement.postpone('all');
      await cursor.sync();
      await retirement.retire([{ ...segment, to: last }]);
    },
  };
};
