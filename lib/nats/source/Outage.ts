import type { SchedulerLike } from 'rxjs';
import { elapsed } from '../../flow/clock.js';
import type { Notify } from '../../flow/reporter.js';
import { StreamUnavailableError } from './errors.js';

export interface OutageSettings {
  readonly stream: string;
  /** The source, in words. */
  readonly what: string;
  readonly stallAfter: number;
  readonly giveUpAfter: number;
  readonly scheduler: SchedulerLike;
}

interface Current {
  cause: string;
  readonly began: number;
  /** The same on the scheduler's clock. */
  readonly since: number;
  wasStalled: boolean;
  /** It ends when a message arrives, and not before. */
  readonly needsMessage: boolean;
}

/**
 * What keeps a stream from being read: reported when it begins (`Waiting`) and when it lasts (`Stalled`), and in the end
 * an error (promises J6 and J8).
 */
export class Outage {
  readonly #settings: OutageSettings;
  readonly #notify: Notify;
  #current: Current | undefined;

  constructor(settings: OutageSettings, notify: Notify) {
    this.#settings = settings;
    this.#notify = notify;
  }

  /** It begins, or goes on with a cause that is known better. */
  begin(cause: string): void {
    if (this.#current !== undefined) {
      this.#current.cause = cause;
      return;
    }
    this.#begin(cause, 0, false);
    this.#notify({ type: 'Waiting', what: `${this.#settings.what}: ${cause}` });
  }

  /** The server answers, and yet nothing has come for that many ms. */
  stall(cause: string, ms: number): void {
    if (this.#current === undefined) this.#begin(cause, ms, true);
    this.#current!.cause = cause;
    this.tick();
  }

  /** The server has answered. */
  answered(): void {
    if (this.#current?.needsMessage === false) this.#current = undefined;
  }

  /** A message has arrived, or there is none. */
  end(): void {
    this.#current = undefined;
  }

  /** Looks at the clock. Throws when it has lasted for `giveUpAfter`. */
  tick(): void {
    const current = this.#current;
    if (current === undefined) return;
    const { stream, what, stallAfter, giveUpAfter, scheduler } = this.#settings;
    const lasts = elapsed(scheduler) - current.began;
    if (lasts >= giveUpAfter)
      throw new StreamUnavailableError(stream, `given up after ${giveUpAfter} ms: ${current.cause}`);
    if (current.wasStalled || lasts < stallAfter) return;
    current.wasStalled = true;
    const subscriber = { id: 0, key: 0, name: what };
    this.#notify({ type: 'Stalled', subscriber, since: current.since, waiting: 0, cause: current.cause });
  }

  #begin(cause: string, ms: number, needsMessage: boolean): void {
    const { scheduler } = this.#settings;
    this.#current = {
      cause,
      began: elapsed(scheduler) - ms,
      since: scheduler.now() - ms,
      wasStalled: false,
      needsMessage,
    };
  }
}
