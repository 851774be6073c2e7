import type { MailboxOwner } from './MailboxOwner.js';

/** How `onFailure` handles deliveries that fail for good, if it is a function or `park`. */
export interface FailureHandling<E> {
  /** Called before the first attempt. `true`: the delivery was taken, and is not attempted. Default: all are attempted. */
  readonly before?: ((events: readonly E[]) => boolean | PromiseLike<boolean>) | undefined;
  /** Whether to take a failure; otherwise it stops the consumer. Default: all are taken. */
  readonly only?: ((error: unknown) => boolean) | undefined;
  /** Takes a delivery that has failed for good. The next delivery waits for the returned work. */
  readonly take: (events: readonly E[], error: unknown) => unknown;
  /** Whether another attempt of `before` or `take` would not help. Default: it might help. */
  readonly isFinal?: ((error: unknown) => boolean) | undefined;
  /** A delivery was taken, and is counted. `hasFailed`: it was attempted before. */
  readonly taken?: ((events: readonly E[], hasFailed: boolean) => void) | undefined;
}

/** Makes the failure handling of one consumer. */
export type HandlingOf<E> = (owner: MailboxOwner<never, E>) => FailureHandling<E>;
