import type { MailboxOwner } from './MailboxOwner.js';

/** An answer that stops the consumer without another attempt: the failure was not handled, and a retry would not help. */
export interface Refusal {
  readonly refused: unknown;
}

/** Whether `onFailure` has taken a delivery. */
export type Verdict = boolean | Refusal;

/** How `onFailure` handles deliveries that fail for good, if it is a function or `park`. */
export interface FailureHandling<E> {
  /** Called before the first attempt. `true`: the delivery was taken, and is not attempted. Default: all are attempted. */
  readonly before?: ((events: readonly E[]) => Verdict | PromiseLike<Verdict>) | undefined;
  /** Whether to take a failure; otherwise it stops the consumer. Default: all are taken. */
  readonly only?: ((error: unknown) => boolean) | undefined;
  /** Takes a delivery that has failed for good. The next delivery waits for the returned work, which may emit a `Refusal`. */
  readonly take: (events: readonly E[], error: unknown) => unknown;
  /** A delivery was taken, and is counted. `hasFailed`: it was attempted before. */
  readonly taken?: ((events: readonly E[], hasFailed: boolean) => void) | undefined;
}

/** Makes the failure handling of one consumer. */
export type HandlingOf<E> = (owner: MailboxOwner<never, E>) => FailureHandling<E>;
