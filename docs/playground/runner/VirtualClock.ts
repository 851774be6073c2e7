/** Timers of one instant after which a program is taken to be one whose time never goes on. */
const MOST_AT_ONE_INSTANT = 200_000;

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Of an interval: ms between two calls. */
  readonly every: number | undefined;
}

type Handler = (...args: readonly unknown[]) => void;

/** The timers and the time of a program: `fire` calls one timer, and nothing moves between two calls. */
export class VirtualClock {
  /** In the order in which they are due. */
  #timers: Timer[] = [];
  readonly #waiting = new Set<number>();
  #now = 0;
  #made = 0;
  #atThisInstant = 0;

  /** In ms, from 0. */
  get now(): number {
    return this.#now;
  }

  /** When the next timer is due. */
  get next(): number | undefined {
    while (this.#timers[0] !== undefined && !this.#waiting.has(this.#timers[0].id)) this.#timers.shift();
    return this.#timers[0]?.at;
  }

  /** Time goes on; it must not pass a timer. */
  passTo(ms: number): void {
    if (ms > this.#now) this.#atThisInstant = 0;
    this.#now = Math.max(this.#now, ms);
  }

  /** Calls the next timer, at its time. What it throws is thrown. */
  fire(): void {
    if (this.next === undefined) return;
    const { id, at, run, every } = this.#timers.shift()!;
    this.passTo(at);
    if (++this.#atThisInstant > MOST_AT_ONE_INSTANT) {
      throw new RangeError(`${MOST_AT_ONE_INSTANT} timers at ${at} ms: time does not go on`);
    }
    if (every === undefined) this.#waiting.delete(id);
    else this.#insert({ id, at: at + every, order: ++this.#made, run, every });
    run();
  }

  readonly setTimeout = (handler: Handler, delay?: unknown, ...args: readonly unknown[]): number =>
    this.#add(() => handler(...args), msOf(delay));

  readonly setInterval = (handler: Handler, delay?: unknown, ...args: readonly unknown[]): number => {
    // Where time is real, an interval of 0 ms lets it go on.
    const every = Math.max(1, msOf(delay));
    return this.#add(() => handler(...args), every, every);
  };

  readonly clear = (id?: unknown): void => {
    this.#waiting.delete(Number(id));
    // What was cleared long before it was due would only pile up.
    if (this.#timers.length > 2 * this.#waiting.size + 1000) {
      this.#timers = this.#timers.filter(timer => this.#waiting.has(timer.id));
    }
  };

  /** The next of sixty frames in a second. */
  readonly requestAnimationFrame = (handler: (now: number) => void): number => {
    const frame = 1000 / 60;
    const due = (Math.floor(this.#now / frame + 1e-6) + 1) * frame;
    return this.#add(() => handler(this.#now), due - this.#now);
  };

  #add(run: () => void, delay: number, every?: number): number {
    const order = ++this.#made;
    this.#waiting.add(order);
    this.#insert({ id: order, at: this.#now + delay, order, run, every });
    return order;
  }

  #insert(timer: Timer): void {
    let [low, high] = [0, this.#timers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#timers[middle]!.at <= timer.at) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
  }
}

/** What browsers make of a delay. */
const msOf = (delay: unknown): number => {
  const ms = Number(delay);
  return ms > 0 ? Math.min(ms, 2 ** 31 - 1) : 0;
};
