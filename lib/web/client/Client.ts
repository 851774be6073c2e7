import { Observable, Subscription, type SchedulerLike, type Subscriber } from 'rxjs';
import { after, elapsed } from '../../flow/clock.js';
import type { ClientLink } from './ClientLink.js';
import { ClientStalledError } from './ClientStalledError.js';

/** The time limits of a client in ms, with their scheduler. See `ClientOptions`. */
interface Limits {
  readonly heartbeat: number;
  readonly stalledFor: number;
  readonly scheduler: SchedulerLike;
}

/** Called when a client ends before its subscriber, with the error if there is one. */
type OnEnd = (error?: unknown) => void;

/**
 * The life of a connection to a client.
 *
 *     new ──► open ──┬─► client disconnects ───────────────────────────► ended
 *                    ├─► full, and no progress for `stalledFor`: cut ──► ended
 *                    └─► end() ──► lingering: takes the last bytes, or is cut ──► ended
 *
 * CL1  While the connection is full, a stall timer runs, and no heartbeat is written.
 * CL2  `onEnd` is called at most once, and not after `end()`.
 * CL3  After `end()`, a stall timer runs until all bytes are taken.
 * CL4  A link that throws, except in `write`, is cut. An error in a timer would otherwise be uncaught.
 */
export class Client<Frame> {
  readonly #link: ClientLink<Frame>;
  readonly #limits: Limits;
  readonly #timers = new Subscription();
  #phase: 'new' | 'open' | 'lingering' | 'ended' = 'new';
  #lastWrite = 0;
  #stall = Subscription.EMPTY;
  /** The delivery that waits for room. There is at most one, because a subscriber has one delivery in flight. */
  #waiting: Subscriber<never> | undefined;
  #onEnd: OnEnd = () => undefined;
  /** The error of `cut`, for an `onEnd` that is set later. */
  #unreported: unknown;

  constructor(link: ClientLink<Frame>, limits: Limits) {
    this.#link = link;
    this.#limits = limits;
  }

  /** Completes when there is room. `undefined` if there is room now, or if the client has ended. */
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

  /** Opens the connection. Returns `false` if it was opened before. */
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

  /** Calls `onEnd` when the client ends, or inside this call if it has ended. */
  whenEnded(onEnd: OnEnd): void {
    this.#onEnd = onEnd;
    if (this.#phase === 'ended') this.#reportEnd(this.#unreported);
  }

  /** Writes a frame, even if there is no room. Throws if this frame cannot be sent. */
  write(frame: Frame): void {
    if (this.#phase !== 'open') return;
    this.#lastWrite = elapsed(this.#limits.scheduler);
    this.#link.write(frame);
    this.#watch();
  }

  /** Ends the connection after everything that was written. A client that does not take it in time is cut. */
  end(): void {
    this.#onEnd = () => undefined;
    if (this.#phase === 'lingering' || this.#phase === 'ended') return;
    this.#phase = 'lingering';
    this.#run(() => this.#link.end());
    if (this.#phase === 'lingering') this.#watch();
  }

  /** Closes the connection immediately, and reports `error`. */
  cut(error: unknown): void {
    if (this.#phase === 'ended') return;
    this.#leave();
    this.#unreported = error;
    try {
      this.#link.cut();
    } catch {
      // nothing is left to try, and `error` is the one to report
    }
    this.#reportEnd(error);
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
    // while lingering, room is not enough: the client must take the rest
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
    this.#reportEnd();
  }

  #leave(): void {
    this.#phase = 'ended';
    this.#timers.unsubscribe();
  }

  #reportEnd(error?: unknown): void {
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
