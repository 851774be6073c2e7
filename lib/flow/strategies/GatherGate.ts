import type { SchedulerLike, Subscription } from 'rxjs';
import { after, elapsed } from '../clock.js';
import type { Gather } from '../contract/Gather.js';
import { writeError } from '../reporter.js';
import { RingBuffer } from '../RingBuffer.js';

/**
 * Decides when gathered events are due: when enough of them wait, when the oldest has waited long enough, or when no more
 * are worth waiting for.
 *
 * GG1  `#came` has the arrival time of each waiting event, in order.
 * GG2  A timer runs only while events wait that are not due, but could be delivered.
 */
export class GatherGate {
  readonly #of: Gather;
  readonly #scheduler: SchedulerLike;
  readonly #advance: () => void;
  readonly #came = new RingBuffer<number>();
  #timer: Subscription | undefined;
  /** The number of events, from the first, that are due in any case. */
  #flushed = 0;

  constructor(of: Gather, scheduler: SchedulerLike, advance: () => void) {
    this.#of = of;
    this.#scheduler = scheduler;
    this.#advance = advance;
  }

  get isGathering(): boolean {
    return this.#timer !== undefined;
  }

  /** One more event waits, `events` in all. */
  came(events: number): void {
    if (this.#of.maxWait === 0) return;
    this.#came.push(elapsed(this.#scheduler));
    this.keep(events);
  }

  /** Only the last `events` are left. */
  keep(events: number): void {
    for (; this.#came.length > events; this.#flushed--) {
      this.#came.shift();
      // the timer ran for the event that is gone
      this.#stop();
    }
    this.#flushed = Math.max(0, this.#flushed);
  }

  flush(events: number): void {
    this.#flushed = events;
  }

  isDue(events: number, isFinal: boolean): boolean {
    const { maxSize, maxWait } = this.#of;
    const isDue = maxWait === 0 || isFinal || this.#flushed > 0 || events >= maxSize;
    if (isDue) this.#stop();
    return isDue || this.#hasWaited(maxWait - (elapsed(this.#scheduler) - this.#came.at(0)!));
  }

  #hasWaited(left: number): boolean {
    if (left <= 0) return true;
    try {
      this.#timer ??= after(this.#scheduler, left, () => {
        this.#timer = undefined;
        this.#flushed ||= 1;
        this.#advance();
      });
      return false;
    } catch (error) {
      writeError('a scheduler threw', error);
      return true;
    }
  }

  #stop(): void {
    this.#timer?.unsubscribe();
    this.#timer = undefined;
  }
}
