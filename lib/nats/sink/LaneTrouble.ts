import { Subscription, type SchedulerLike } from 'rxjs';
import { after } from '../../flow/clock.js';

/** Milliseconds before a try is repeated: doubled each time, from the first to the second. */
const DELAYS = { full: [50, 5000], other: [20, 1000] } as const;

/** What the trouble of a lane is reported to. */
export interface TroubleHost {
  readonly scheduler: SchedulerLike;
  /** How long nothing may be confirmed, in ms. A full stream may be full for any time. */
  readonly giveUpAfter: number;
  gaveUp(cause: unknown): void;
  notify(type: 'Full' | 'Waiting' | 'Released'): void;
}

/** Why a lane makes no progress at the moment, since when, and how long it waits before it tries again. */
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

  /** Nothing is confirmed, which must not last. */
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
    const wasTold = this.#isFull || this.#isWaiting;
    this.end();
    this.#tries = 0;
    this.#isFull = false;
    this.#isWaiting = false;
    this.#cause = undefined;
    if (wasTold) this.#host.notify('Released');
  }

  /** Resolves before the next try. */
  wait(): Promise<void> {
    const [first, most] = this.#isFull ? DELAYS.full : DELAYS.other;
    const ms = Math.min(first * 2 ** Math.min(this.#tries++, 20), most);
    return new Promise(resolve => {
      this.#delay = after(this.#host.scheduler, ms, resolve);
      this.#delay.add(resolve);
    });
  }

  /** There is no need to wait any more: who waits looks at what has changed. */
  hurry(): void {
    this.#delay.unsubscribe();
  }

  end(): void {
    this.#patience?.unsubscribe();
    this.#patience = undefined;
    this.#delay.unsubscribe();
  }
}
