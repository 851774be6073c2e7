import type { Gap } from './Gap.js';

/**
 * Sees what becomes of what is offered to one consumer, while it is inspected. It is called in the middle of things, so it calls
 * nobody back and does not throw. `unit`: an event, or a batch.
 */
export interface DeliveryTap<U, E> {
  /** It was offered. */
  offered(unit: U): void;
  /** It was not delivered, because its consumer skips. */
  skipped(event: E): void;
  /** Its handler is about to be called: try number `attempt`. */
  began(unit: U, attempt: number): void;
  /** A try has failed, and another one may follow. */
  retrying(unit: U, attempt: number, error: unknown): void;
  /** `taken`, `untried`: `onFailure` has taken it, after its tries or instead of them. */
  ended(unit: U, outcome: 'delivered' | 'failed' | 'cut' | 'taken' | 'untried', error?: unknown): void;
  /** `isNewest`: it is what was just offered. */
  dropped(events: readonly E[], reason: Gap<E>['reason'], isNewest: boolean): void;
  /** They reach nobody any more: offered and dropped. */
  refused(events: readonly E[]): void;
  /** It is held from now on, or no longer. */
  held(level: boolean): void;
  /** Nothing of it is left. */
  closed(): void;
  /** What a dispatcher calls in the place of `handler`: one that it calls itself, that skips, or that hands over to a mailbox. */
  wrapped(handler: (event: E) => unknown, mode: 'called' | 'skipped' | 'handed'): (event: E) => unknown;
}
