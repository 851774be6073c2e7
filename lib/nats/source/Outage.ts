import type { SchedulerLike } from 'rxjs';
import { elapsed } from '../../flow/clock.js';
import type { Notify } from '../../flow/reporter.js';
import { StreamUnavailableError } from './errors.js';

export interface OutageSettings {
  readonly stream: string;
  /** Names the source in notices. */
  readonly what: string;
  readonly stallAfter: number;
  readonly giveUpAfter: number;
  readonly scheduler: SchedulerLike;
}

interface Current {
  cause: string;
  readonly began: number;
  /** `began` on the clock of the scheduler. */
  readonly since: number;
  wasStalled: boolean;
  /** Only the arrival of a message ends this outage. An answer of the server does not. */
  readonly needsMessage: boolean;
}

/**
 * A time in which the stream cannot be read. Its begin is reported as `Waiting`. If it lasts, it is reported as `Stalled`, and
 * after `giveUpAfter` it is an error (promises J6: outages are waited for, and J8: stalls are reported).
 */
export class Outage {
  readonly #settings: OutageSettings;
  readonly #notify: Notify;
  #current: Current | undefined;

  constructor(settings: OutageSettings, notify: Notify) {
    this.#settings = settings;
    this.#notify = notify;
  }

  /** Begins an outage, or updates the cause of the current one. */
  begin(cause: string): void {
    if (this.#current !== undefined) {
      this.#current.cause = cause;
      return;
    }
    this.#begin(cause, 0, false);
    this.#notify({ type: 'Waiting', what: `${this.#settings.what}: ${cause}` });
  }

  /** The server responds, but no message has arrived for `ms`. */
  stall(cause: string, ms: number): void {
    if (this.#current === undefined) this.#begin(cause, ms, true);
    this.#current!.cause = cause;
    this.tick();
  }

  /** The server has responded. */
  answered(): void {
    if (this.#current?.needsMessage === false) this.#current = undefined;
  }

  /** A message has arrived, or the stream has no more messages. */
  end(): void {
    this.#current = undefined;
  }

  /** Checks the time. Throws `StreamUnavailableError` if the outage has lasted for `giveUpAfter`. */
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
