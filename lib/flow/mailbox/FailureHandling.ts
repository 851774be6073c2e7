import type { MailboxOwner } from './MailboxOwner.js';

/** An answer that ends a delivery in place of another try: it is not taken, for a reason that no retry would change. */
export interface Refusal {
  readonly refused: unknown;
}

/** Whether a delivery was taken. */
export type Verdict = boolean | Refusal;

/** What becomes of deliveries that fail for good, if they neither stop their consumer nor are passed over. */
export interface FailureHandling<E> {
  /** Asked before the first try. `true`: the delivery was taken, and is not tried. Default: every delivery is tried. */
  readonly before?: ((events: readonly E[]) => Verdict | PromiseLike<Verdict>) | undefined;
  /** Whether a failure is taken; if not, it stops the consumer. Default: all are. */
  readonly only?: ((error: unknown) => boolean) | undefined;
  /** Takes a delivery that has failed for good. What it returns is waited for, and may emit a `Refusal`. */
  readonly take: (events: readonly E[], error: unknown) => unknown;
  /** A delivery was taken, and is counted. `hasFailed`: it was tried before. */
  readonly taken?: ((events: readonly E[], hasFailed: boolean) => void) | undefined;
}

/** Makes the handling of the failures of one consumer. */
export type HandlingOf<E> = (owner: MailboxOwner<never, E>) => FailureHandling<E>;
