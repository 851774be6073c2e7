import { Subscription, type SchedulerLike } from 'rxjs';
import { after } from '../../flow/clock.js';
import type { PositionKeeper } from './PositionKeeper.js';
import type { StreamPlace } from './StreamPlace.js';

/** The time limit for the last write after the source was unsubscribed, in ms. */
const PATIENCE = 10_000;

export interface WrittenSettings {
  readonly everyMs: number;
  readonly scheduler: SchedulerLike;
  /** A write has failed, or the last one took too long. */
  readonly failed: (error: unknown) => void;
  /** Makes the error of a last position that was not written within `ms`. */
  readonly tooLate: (ms: number) => Error;
}

/**
 * Writes the settled position at most once in `everyMs`, one write at a time. The last position is written at the end
 * (promise J1: the position moves over settled messages only).
 *
 *     settled   1 2 3 ─────── 4 5 ────────────
 *     written   ────3 (everyMs) ──5
 */
export const writtenPosition = (
  write: (place: StreamPlace, signal: AbortSignal) => Promise<void>,
  { everyMs, scheduler, failed, tooLate }: WrittenSettings,
): PositionKeeper => {
  const giveUp = new AbortController();
  const state = {
    /** Settled but not written. */
    next: undefined as StreamPlace | undefined,
    writing: undefined as Promise<void> | undefined,
    timer: undefined as Subscription | undefined,
    hasFailed: false,
  };

  const writeNext = async (): Promise<void> => {
    const place = state.next;
    if (place === undefined || state.hasFailed) return;
    state.next = undefined;
    try {
      await write(place, giveUp.signal);
    } catch (error) {
      state.hasFailed = true;
      failed(error);
    }
  };

  const begin = (): void => {
    state.timer = undefined;
    state.writing = writeNext().then(() => {
      state.writing = undefined;
      if (state.next !== undefined) plan();
    });
  };
  const plan = (): void => {
    if (state.timer === undefined && state.writing === undefined) state.timer = after(scheduler, everyMs, begin);
  };

  return {
    given: () => undefined,
    settled: place => {
      const isPlanned = state.next !== undefined;
      state.next = place;
      if (!isPlanned) plan();
    },
    finish: async () => {
      state.timer?.unsubscribe();
      // a closed timer prevents `plan` from scheduling another write
      state.timer = Subscription.EMPTY;
      const patience = after(scheduler, PATIENCE, () => giveUp.abort(tooLate(PATIENCE)));
      await state.writing;
      await writeNext();
      patience.unsubscribe();
    },
  };
};
