import { Observable, Subscription, type SchedulerLike, type Subscriber } from 'rxjs';
import { after, elapsed } from '../../flow/clock.js';
import type { ClientLink } from './ClientLink.js';
import { ClientStalledError } from './ClientStalledError.js';

/** When a client is sent a sign of life, and when it is closed, in ms by this scheduler. */
interface Limits {
  readonly heartbeat: number;
  readonly stalledFor: number;
  readonly scheduler: SchedulerLike;
}

/** How a client ends before its subscriber does: with an error, or without. */
type OnEnd = (error?: unknown) => void;

/**
 * The connection to a client, over time.
 *
 *     new ──► open ──┬─► it left ──────────────────────────────────────► ended
 *                    ├─► full, and no progress for `stalledFor`: cut ──► ended
 *                    └─► end() ──► lingering: it takes the last bytes, or is cut ──► ended
 *
 * CL1  While it is full, a stall timer runs, and no sign of life is written.
 * CL2  `onEnd` is called at most once, and not after `end()`.
 * CL3  After `end()` a stall timer runs until everything is taken.
 * CL4  A link that throws, except in `write`, is cut: in a timer nobody else would catch it.
 */
export class Client<Frame> {
  readonly #link: ClientLink<Frame>;
  readonly #limits: Limits;
  readonly #timers = new Subscription();
  #phase: 'new' | 'open' | 'lingering' | 'ended' = 'new';
  #lastWrite = 0;
  #stall = Subscription.EMPTY;
  /** Work that waits for room: a subscriber has one delivery in hand. */
  #waiting: Subscriber<never> | undefined;
  #onEnd: OnEnd = () => undefined;
  /** What it was cut for, if nobody was told yet. */
  #untold: unknown;

  constructor(link: ClientLink<Frame>, limits: Limits) {
    this.#link = link;
    this.#limits = limits;
  }

  /** Completes when there is room. `undefined`: there is room now. */
  get room$(): Observable<never> | undefined {
    return this.#hasRoom || this.#phase === 'ended' ? undefined : this.#untilRoom$;
  }

  readonly #untilRoom$ = new Observable<never>(work => {
    if (this.room$ === undefined) {
      work.complete();
      return undefined;
    }
    this.#waiting = work;
    this.#run(() => this.#link.awaitRoom?.());
    this.#watch();
    return () => {
      this.#waiting = undefined;
    };
  });

  /** Begins, unless it has begun. Says whether it was the one to do so. */
  open(): boolean {
    if (this.#phase !== 'new') return false;
    this.#phase = 'open';
    this.#lastWrite = elapsed(this.#limits.scheduler);
    const run = (work: () => void): void => this.#run(work);
    run(() => this.#link.open({ drained: () => this.#drained(), left: () => this.#conclude(), run }));
    this.#watch();
    this.#beatAfter(this.#limits.heartbeat);
    return true;
  }

  /** From now on `onEnd` hears of its end; immediately if it has ended. */
  whenEnded(onEnd: OnEnd): void {
    this.#onEnd = onEnd;
    if (this.#phase === 'ended') this.#tellEnd(this.#untold);
  }

  /** Throws if this frame cannot be sent. */
  write(frame: Frame): void {
    if (this.#phase !== 'open') return;
    this.#lastWrite = elapsed(this.#limits.scheduler);
    this.#link.write(frame);
    this.#watch();
  }

  /** Ends it after what was written. A client that does not take that is cut. */
  end(): void {
    this.#onEnd = () => undefined;
    if (this.#phase === 'lingering' || this.#phase === 'ended') return;
    this.#phase = 'lingering';
    this.#run(() => this.#link.end());
    if (this.#phase === 'lingering') this.#watch();
  }

  /** Cuts it, for this error. */
  cut(error: unknown): void {
    if (this.#phase === 'ended') return;
    this.#leave();
    this.#untold = error;
    try {
      this.#link.cut();
    } catch {
      // there is nothing left to try: its own error is reported
    }
    this.#tellEnd(error);
  }

  #run(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.cut(error);
    }
  }

  get #hasRoom(): boolean {
    let hasRoom = false;
    this.#run(() => (hasRoom = this.#link.hasRoom));
    return hasRoom;
  }

  get #unsent(): number {
    let unsent = 0;
    this.#run(() => (unsent = this.#link.unsent));
    return unsent;
  }

  #drained(): void {
    if (!this.#hasRoom) return;
    this.#timers.remove(this.#stall);
    this.#stall.unsubscribe();
    this.#waiting?.complete();
    // at the end there may be room, and a rest that nobody takes
    this.#watch();
  }

  get #isBlocked(): boolean {
    return this.#phase === 'lingering' ? this.#unsent > 0 : !this.#hasRoom;
  }

  #watch(): void {
    const isWatched = !this.#stall.closed;
    if (!this.#isBlocked || isWatched || this.#phase === 'ended') return;
    const { scheduler, stalledFor } = this.#limits;
    const unsent = this.#unsent;
    if (this.#timers.closed) return;
    this.#stall = after(scheduler, stalledFor, () => {
      this.#timers.remove(this.#stall);
      this.#stall = Subscription.EMPTY;
      if (!this.#isBlocked) return;
      const left = this.#unsent;
      if (left < unsent) this.#watch();
      else this.cut(new ClientStalledError(stalledFor, left));
    });
    this.#timers.add(this.#stall);
  }

  #conclude(): void {
    if (this.#phase === 'ended') return;
    this.#leave();
    this.#tellEnd();
  }

  #leave(): void {
    this.#phase = 'ended';
    this.#timers.unsubscribe();
  }

  #tellEnd(error?: unknown): void {
    const onEnd = this.#onEnd;
    this.#onEnd = () => undefined;
    onEnd(error);
  }

  #beatAfter(ms: number): void {
    const { scheduler, heartbeat } = this.#limits;
    const timer = after(scheduler, ms, () => {
      this.#timers.remove(timer);
      if (this.#phase !== 'open') return;
      const silence = elapsed(scheduler) - this.#lastWrite;
      if (silence < heartbeat) {
        this.#beatAfter(heartbeat - silence);
        return;
      }
      this.#run(() => this.#link.beat());
      this.#watch();
      this.#beatAfter(heartbeat);
    });
    this.#timers.add(timer);
  }
}
