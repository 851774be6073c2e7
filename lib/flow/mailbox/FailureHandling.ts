import type { MailboxOwner } from './MailboxOwner.js';

/** What becomes of deliveries that fail for good, if they neither stop their consumer nor are passed over. */
export interface FailureHandling<E> {
  /** Asked before the first try. `true`: the delivery was taken, and is not tried. Default: every delivery is tried. */
  readonly before?: ((events: readonly E[]) => boolean | PromiseLike<boolean>) | undefined;
  /** Whether a failure is taken; if not, it stops the consumer. Default: all are. */
  readonly only?: ((error: unknown) => boolean) | undefined;
  /** Takes a delivery that has failed for good. What it returns is waited for. */
  readonly take: (events: readonly E[], error: unknown) => unknown;
  /** Whether no other try of `before` or `take` would help. Default: it might. */
  readonly isFinal?: ((error: unknown) => boolean) | undefined;
  /** A delivery was taken, and is counted. `hasFailed`: it was tried before. */
  readonly taken?: ((events: readonly E[], hasFailed: boolean) => void) | undefined;
}

/** Makes the handling of the failures of one consumer. */
export type HandlingOf<E> = (owner: MailboxOwner<never, E>) => FailureHandling<E>;
