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

  constructor(link: ClientLink<Frame>, limits: Limits) {
    this.#link = link;
    this.#limits = limits;
  }

  /** Completes when there is room. `undefined`: there is room now. */
  get room$(): Observable<never> | undefined {
    return this.#link.hasRoom || this.#phase === 'ended' ? undefined : this.#untilRoom$;
  }

  readonly #untilRoom$ = new Observable<never>(work => {
    if (this.room$ === undefined) {
      work.complete();
      return undefined;
    }
    this.#waiting = work;
    this.#link.awaitRoom?.();
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
    this.#link.open({
      drained: () => this.#drained(),
      left: () => this.#conclude(),
    });
    this.#watch();
    this.#beatAfter(this.#limits.heartbeat);
    return true;
  }

  /** From now on `onEnd` hears of its end; immediately if it has ended. */
  whenEnded(onEnd: OnEnd): void {
    this.#onEnd = onEnd;
    if (this.#phase === 'ended') onEnd();
  }

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
    this.#link.end();
    if (this.#phase === 'lingering') this.#watch();
  }

  #drained(): void {
    if (!this.#link.hasRoom) return;
    this.#timers.remove(this.#stall);
    this.#stall.unsubscribe();
    this.#waiting?.complete();
    // at the end there may be room, and a rest that nobody takes
    this.#watch();
  }

  get #isBlocked(): boolean {
    return this.#phase === 'lingering' ? this.#link.unsent > 0 : !this.#link.hasRoom;
  }

  #watch(): void {
    const isWatched = !this.#stall.closed;
    if (!this.#isBlocked || isWatched || this.#phase === 'ended') return;
    const { scheduler, stalledFor } = this.#limits;
    const { unsent } = this.#link;
    this.#stall = after(scheduler, stalledFor, () => {
      this.#timers.remove(this.#stall);
      this.#stall = Subscription.EMPTY;
      if (!this.#isBlocked) return;
      if (this.#link.unsent < unsent) this.#watch();
      else this.#cut(new ClientStalledError(stalledFor, this.#link.unsent));
    });
    this.#timers.add(this.#stall);
  }

  #cut(error: unknown): void {
    this.#leave();
    this.#link.cut();
    this.#tellEnd(error);
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
      this.#link.beat();
      this.#watch();
      this.#beatAfter(heartbeat);
    });
    this.#timers.add(timer);
  }
}
