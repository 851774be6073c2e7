import { Subscription, type SchedulerLike } from 'rxjs';
import { after } from '../../flow/clock.js';

/** The first and the longest delay before a retry, in ms. It doubles with each retry. */
const DELAYS = { full: [50, 5000], other: [20, 1000] } as const;

/** Receives what `LaneTrouble` reports. */
export interface TroubleHost {
  readonly scheduler: SchedulerLike;
  /** The time limit without a confirmation, in ms. It does not apply while the stream is full. */
  readonly giveUpAfter: number;
  gaveUp(cause: unknown): void;
  notify(type: 'Full' | 'Waiting' | 'Released'): void;
}

/** Tracks why a lane makes no progress. It reports that, times the retries, and gives up after `giveUpAfter`. */
export class LaneTrouble {
  readonly #host: TroubleHost;
  #tries = 0;
  #isFull = false;
  #isWaiting = false;
  #cause: unknown;
  #patience: Subscription | undefined;
  #delay = new Subscription();

  constructor(host: TroubleHost) {
    this.#host = host;
  }

  /** The stream has no room. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get tries(): number {
    return this.#tries;
  }

  full(): void {
    this.#patience?.unsubscribe();
    this.#patience = undefined;
    if (this.#isFull) return;
    this.#isFull = true;
    this.#host.notify('Full');
  }

  /** Nothing is confirmed. Starts the time limit, and reports `Waiting`. */
  worry(cause: unknown): void {
    this.#cause = cause ?? this.#cause;
    this.#isFull = false;
    this.#patience ??= after(this.#host.scheduler, this.#host.giveUpAfter, () => this.#host.gaveUp(this.#cause));
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#host.notify('Waiting');
  }

  /** Something was confirmed. */
  relieved(): void {
    if (this.#tries === 0 && !this.#isFull && !this.#isWaiting) return;
    const wasReported = this.#isFull || this.#isWaiting;
    this.end();
    this.#tries = 0;
    this.#isFull = false;
    this.#isWaiting = false;
    this.#cause = undefined;
    if (wasReported) this.#host.notify('Released');
  }

  /** Resolves when it is time for the next try. */
  wait(): Promise<void> {
    const [first, most] = this.#isFull ? DELAYS.full : DELAYS.other;
    const ms = Math.min(first * 2 ** Math.min(this.#tries++, 20), most);
    return new Promise(resolve => {
      this.#delay = after(this.#host.scheduler, ms, resolve);
      this.#delay.add(resolve);
    });
  }

  /** Ends the current delay, because something has changed. */
  hurry(): void {
    this.#delay.unsubscribe();
  }

  end(): void {
    this.#patience?.unsubscribe();
    this.#patience = undefined;
    this.#delay.unsubscribe();
  }
}
