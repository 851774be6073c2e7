import type { VirtualClock } from './VirtualClock.js';

/** The real ones, for the runner itself. */
export const realNow = performance.now.bind(performance);

/** Everything that tells or awaits time takes the virtual one, and chance is the same in each run. */
export const installClock = (clock: VirtualClock): void => {
  const RealDate = Date;
  const now = (): number => Math.floor(clock.now);
  class VirtualDate extends RealDate {
    static override readonly now = now;

    constructor(...args: readonly unknown[]) {
      super(...((args.length === 0 ? [now()] : args) as [number]));
    }
  }
  const globals = {
    Date: VirtualDate,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clear,
    setInterval: clock.setInterval,
    clearInterval: clock.clear,
    requestAnimationFrame: clock.requestAnimationFrame,
    cancelAnimationFrame: clock.clear,
  };
  for (const [name, value] of Object.entries(globals)) replace(globalThis, name, value);
  replace(performance, 'now', () => clock.now);
  replace(AbortSignal, 'timeout', (ms: number) => {
    const controller = new AbortController();
    clock.setTimeout(() => controller.abort(new DOMException('signal timed out', 'TimeoutError')), ms);
    return controller.signal;
  });
  replace(Math, 'random', seeded());
};

const replace = (of: object, name: string, value: unknown): void => {
  Object.defineProperty(of, name, { configurable: true, writable: true, value });
};

/** The numbers of a linear congruential generator, from 0 up to 1. */
const seeded = (): (() => number) => {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
