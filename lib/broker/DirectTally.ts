import type { Tally } from '../flow/contract/Tally.js';
import type { RoutedCount } from './RoutedCount.js';

const NOTHING: Tally = { offered: 0, delivered: 0, failed: 0, dropped: 0, skipped: 0, pending: 0 };

/** Counts what the mailbox of a subscriber does not: the events of calls that the dispatcher makes itself. */
export class DirectTally<E> {
  /** Its events of the batch that is being dispatched. */
  gathered: E[] = [];
  /** Events of the batch that its handler is being called with; `undefined` if it takes single events. */
  batch: number | undefined;
  failed = 0;
  dropped = 0;
  /** The call that is on the stack has thrown, and is counted. */
  hasThrown = false;
  readonly #routed: RoutedCount<E>;

  constructor(routed: RoutedCount<E>, takesBatches: boolean) {
    this.#routed = routed;
    if (takesBatches) this.batch = 0;
  }

  /** Events of a call that is on the stack. */
  get inHand(): number {
    return this.batch ?? (this.#routed.isCalled && !this.hasThrown ? 1 : 0);
  }

  /** All counts of the subscriber. `queued`: those of its mailbox, if it has one. */
  total(queued: Tally | undefined): Tally {
    const { called, skipped } = this.#routed;
    const { offered, delivered, failed, dropped, pending } = queued ?? NOTHING;
    // a mailbox counts as offered what it is handed, and has the call that is on the stack
    const inHand = queued === undefined ? this.inHand + this.gathered.length : 0;
    return {
      offered: called + skipped + this.dropped + offered,
      delivered: called - this.failed - inHand + delivered,
      failed: this.failed + failed,
      dropped: this.dropped + dropped,
      skipped,
      pending: inHand + pending,
    };
  }
}
