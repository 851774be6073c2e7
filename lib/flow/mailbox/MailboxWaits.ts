import type { Backlog } from './Backlog.js';
import type { InHand } from './InHand.js';
import type { MailboxSettings } from './MailboxSettings.js';
import type { Watched } from './mailboxWatch.js';
import { timeLimit } from './timeLimit.js';
import { WaitReport } from './WaitReport.js';

/** The timers of a mailbox: `stallAfter` without progress, and `failAfter` of running work. */
export class MailboxWaits<U, E> {
  readonly #backlog: Backlog<U, E>;
  readonly #inHand: InHand<U, E>;
  readonly #stalls: WaitReport<Watched>;
  readonly #limit: ReturnType<typeof timeLimit> | undefined;

  constructor(settings: MailboxSettings<U, E>, backlog: Backlog<U, E>, inHand: InHand<U, E>) {
    this.#backlog = backlog;
    this.#inHand = inHand;
    this.#stalls = new WaitReport<Watched>(settings.watch, settings.stallAfter, backlog);
    const { failAfter, scheduler } = settings;
    if (failAfter !== undefined) this.#limit = timeLimit(scheduler, failAfter, backlog.who, inHand);
  }

  /** The mailbox has moved. */
  update(): void {
    // gathering more events is not a stall
    this.#stalls.update(this.#backlog.pending > 0 && !this.#backlog.isGathering);
    this.#limit?.update(this.#inHand.phase === 'working');
  }

  end(): void {
    this.#stalls.end();
    this.#limit?.end();
  }
}
