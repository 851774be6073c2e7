import type { Tally } from '../flow/contract/Tally.js';
import type { BatchIntake } from './BatchIntake.js';
import type { RoutedCount } from './RoutedCount.js';

const NOTHING: Tally = { offered: 0, delivered: 0, failed: 0, dropped: 0, skipped: 0, pending: 0 };

/** Counts the events of a subscriber that bypass its mailbox: the dispatcher calls its handler directly. */
export class DirectTally<E> {
  failed = 0;
  dropped = 0;
  /** The call on the stack has thrown, and is already counted as failed. */
  hasThrown = false;
  readonly #routed: RoutedCount<E>;
  /** `undefined` if it takes single events. */
  readonly #batches: BatchIntake<E> | undefined;

  constructor(routed: RoutedCount<E>, batches: BatchIntake<E> | undefined) {
    this.#routed = routed;
    this.#batches = batches;
  }

  /** Events of the call on the stack. */
  get inHand(): number {
    return this.#batches?.inCall ?? (this.#routed.isCalled && !this.hasThrown ? 1 : 0);
  }

  /** All counts of the subscriber. `queued`: those of its mailbox, if it has one. */
  total(queued: Tally | undefined): Tally {
    const { called, skipped } = this.#routed;
    const { offered, delivered, failed, dropped, pending } = queued ?? NOTHING;
    // a mailbox counts what it was offered, and the call on the stack is one of its deliveries
    const inHand = queued === undefined ? this.inHand + (this.#batches?.gathered ?? 0) : 0;
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
