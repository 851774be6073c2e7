import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** The least that is waited, in ms. */
const LEAST = 60_000;
/** The most that is waited, in ms: also where nothing answers at all. */
const MOST = 600_000;
/** So many round trips to the servers must fit into a wait. A calm machine makes them in less than `LEAST`. */
const TRIPS = 1500;
const BETWEEN = 20;

/** A wait that has begun. */
export interface Wait {
  /** It has lasted too long for this machine. */
  isOver(): boolean;
  /** How long it has lasted, and how fast the machine was meanwhile. */
  inWords(): string;
}

/**
 * How long to wait for what must come, on a machine that may be busy: a minute, and until both servers have answered often enough
 * meanwhile. So a wait that is over was long for this machine, too.
 *
 *     calm    ─20 ms─┐trip 3 ms┌─20 ms─┐trip┌ …            over after 60 s
 *     starved ───120 ms───┐ trip 80 ms ┌───120 ms─── …     over after 5 min
 */
export interface Patience {
  begin(): Wait;
  end(): void;
}

/** `trip` asks each server once. */
export const patienceOf = (trip: () => Promise<unknown>): Patience => {
  const state = { trips: 0, slowest: 0, isOver: false };
  const loop = monitorEventLoopDelay();
  loop.enable();
  const run = async (): Promise<void> => {
    while (!state.isOver) {
      const begun = performance.now();
      await new Promise(resolve => setTimeout(resolve, BETWEEN));
      // one that fails is no answer: the server may be killed
      if (!(await trip().then(() => true, () => false))) continue; // prettier-ignore
      state.trips++;
      state.slowest = Math.max(state.slowest, performance.now() - begun - BETWEEN);
    }
  };
  void run();

  return {
    begin: () => {
      const [begun, before] = [performance.now(), state.trips];
      state.slowest = 0;
      loop.reset();
      const lasts = (): number => performance.now() - begun;
      return {
        isOver: () => lasts() > MOST || (lasts() > LEAST && state.trips - before > TRIPS),
        inWords: () =>
          `${(lasts() / 1000).toFixed(1)} s, ${state.trips - before} round trips, the slowest ${state.slowest.toFixed(0)} ms, ` +
          `its own loop late by ${(loop.max / 1e6).toFixed(0)} ms at most`,
      };
    },
    end: () => {
      state.isOver = true;
      loop.disable();
    },
  };
};
