import { Subscription, type SchedulerLike } from 'rxjs';
import { after } from '../../flow/clock.js';
import type { PositionKeeper } from './PositionKeeper.js';
import type { StreamPlace } from './StreamPlace.js';

/** How long the last position may take after the source was left, in ms. */
const PATIENCE = 10_000;

export interface WrittenSettings {
  readonly everyMs: number;
  readonly scheduler: SchedulerLike;
  /** The last position could not be written in time, or a write has failed. */
  readonly failed: (error: unknown) => void;
  /** The error of a last position that was not written within that many ms. */
  readonly tooLate: (ms: number) => Error;
}

/**
 * Writes the position that is settled, at most once in `everyMs`, one write at a time (promise J1).
 *
 *     settled   1 2 3 ─────── 4 5 ────────────
 *     written   ────3 (everyMs) ──5           the last one at the end
 */
export const writtenPosition = (
  write: (place: StreamPlace, signal: AbortSignal) => Promise<void>,
  { everyMs, scheduler, failed, tooLate }: WrittenSettings,
): PositionKeeper => {
  const giveUp = new AbortController();
  const state = {
    /** Settled, and not written. */
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
      // no write is planned any more
      state.timer = Subscription.EMPTY;
      const patience = after(scheduler, PATIENCE, () => giveUp.abort(tooLate(PATIENCE)));
      await state.writing;
      await writeNext();
      patience.unsubscribe();
    },
  };
};
