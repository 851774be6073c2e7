import { subscribeOwned } from '../../../flow/subscribeOwned.js';
import { acknowledgeByBlock, acknowledgeByDemand, acknowledgeBySettlement } from './acknowledge.js';
import type { BufferOptions } from './bufferOptions.js';
import type { BufferState } from './BufferState.js';
import type { OpenBuffer } from './openBuffer.js';
import { retirementQueue } from './Retirement.js';
import type { Tail } from './Tail.js';

/** At most this many bytes are emitted before the cursor is moved. */
const SETTLE_EVERY = 64 * 1024;

export interface Processed {
  /** The consumer received a message. */
  given(message: Uint8Array, number: number): void;
  /** The consumer requests more, so it has received everything before. */
  asked(): void;
  /** The consumer has settled a message, and all before it. The cursor has moved when this returns. */
  settled(number: number): void;
  /** Moves the cursor to what has been processed, and begins to retire the segments before it. */
  settle(): void;
  /** Subscribes to `done$`, if the option `acknowledge` is set. */
  followDone(): void;
  /** Resolves when no segment is being retired any more. */
  idle(): Promise<void>;
  /** The source has completed, and everything was emitted. Retires the last segment too, if all its records are processed. */
  end(written: Tail): Promise<void>;
  /** After `end`: retires the last segment, if all its records have been processed since then. */
  retireLast(): Promise<void>;
}

/** Follows what has been processed: moves the cursor past it, and retires its segments. */
export const processed = (
  state: BufferState,
  { cursor, retirement, segments }: OpenBuffer,
  { acknowledge }: BufferOptions,
  isSettled: boolean,
): Processed => {
  const byBlock = acknowledge && acknowledgeByBlock(cursor.acknowledged, acknowledge.blockOf);
  const bySettlement = isSettled ? acknowledgeBySettlement(cursor.acknowledged) : undefined;
  const now = byBlock ?? bySettlement ?? acknowledgeByDemand(cursor.acknowledged);
  const queue = retirementQueue({ segments, cursor, retirement, failed: state.fail });
  let unsettledBytes = 0;
  /** The last segment, once the source has completed, until it is retired. */
  let left: Tail | undefined;

  const settle = () => {
    unsettledBytes = 0;
    const { acknowledged } = now;
    if (acknowledged > cursor.acknowledged) cursor.move({ acknowledged });
    if (state.now.name !== 'failed') queue.begin();
  };
  const named = (key: string) => {
    byBlock?.named(key);
    settle();
  };
  const retireLast = async () => {
    if (left === undefined || cursor.acknowledged < left.last || state.now.name === 'failed') return;
    const { segment, last } = left;
    left = undefined;
    retirement.postpone('all');
    await cursor.sync();
    await retirement.retire([{ ...segment, to: last }]);
  };

  return {
    given(message, number) {
      now.given(message, number);
      unsettledBytes += message.length;
      if (unsettledBytes >= SETTLE_EVERY) settle();
    },
    asked() {
      now.asked();
      settle();
    },
    settled: number => {
      state.attempt(() => {
        bySettlement?.settled(number);
        settle();
      });
    },
    settle,
    followDone() {
      if (acknowledge === undefined) return;
      const next = (key: string) => state.attempt(() => named(key));
      subscribeOwned(state.subscriptions, acknowledge.done$, { next, error: state.fail });
    },
    idle: () => queue.idle(),
    end(written) {
      left = written;
      return retireLast();
    },
    retireLast,
  };
};
