import type { Gap } from './Gap.js';

/**
 * Records what happens to the events offered to one consumer, while it is inspected. Its methods are called while the
 * consumer's state changes, so they must not throw and must not call back. `unit`: an event, or a batch.
 */
export interface DeliveryTap<U, E> {
  /** The unit was offered. */
  offered(unit: U): void;
  /** The event was skipped: `skip$` is `true`. */
  skipped(event: E): void;
  /** The handler is about to be called: attempt number `attempt`, from 1. */
  began(unit: U, attempt: number): void;
  /** An attempt has failed, and another one may follow. */
  retrying(unit: U, attempt: number, error: unknown): void;
  /** The unit has ended. `taken`, `untried`: `onFailure` took it, after its attempts or instead of them. */
  ended(unit: U, outcome: 'delivered' | 'failed' | 'cut' | 'taken' | 'untried', error?: unknown): void;
  /** The events were dropped. `isNewest`: they are the unit that was just offered. */
  dropped(events: readonly E[], reason: Gap<E>['reason'], isNewest: boolean): void;
  /** The events count as offered and dropped: the broker closed before they were dispatched. */
  refused(events: readonly E[]): void;
  /** The level of `hold$` has changed. */
  held(level: boolean): void;
  /** The consumer has ended. */
  closed(): void;
  /** Wraps the function that a dispatcher calls: the user's handler, one that skips, or one that hands over to a mailbox. */
  wrapped(handler: (event: E) => unknown, mode: 'called' | 'skipped' | 'handed'): (event: E) => unknown;
}
