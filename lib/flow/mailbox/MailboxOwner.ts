import type { DeliveryTap } from '../contract/DeliveryTap.js';
import type { Notice, Who } from '../contract/Notice.js';
import type { Settlement } from '../contract/Settlement.js';
import type { Signal } from '../contract/Signal.js';

/**
 * The owner of a mailbox: a subscriber of a broker, a branch of a fan-out, or an operator. A mailbox calls its owner only
 * while its own state is consistent, so these methods may call the mailbox again. Only `start` may throw.
 */
export interface MailboxOwner<U, E> {
  /** Its name in notices. */
  readonly who: Who;
  /** The settlement of its source, if there is one. By it a parking recognizes events of its own replay. */
  readonly settlement?: Settlement | undefined;
  /** Records its deliveries. */
  readonly tap?: DeliveryTap<U, E> | undefined;
  /** Delivers a unit. The next delivery waits for the returned work. `signal`: given if the delivery is abortable. */
  start(unit: U, signal: Signal | undefined): unknown;
  /** This many events were accepted, and are about to be pending. Must not call the mailbox. */
  accepted?(events: number): void;
  /** The work of a delivery emitted a value. Default: values are ignored. */
  readonly emitted?: ((value: unknown) => void) | undefined;
  notify(notice: Notice<E>): void;
  /** Its backlog reached the high-water mark, or fell to half of it. */
  saturated(level: boolean): void;
  /** A delivery has finished, or the mailbox has closed. */
  progressed(): void;
  /** A delivery failed for good, after this many attempts. `isTaken`: `onFailure` has taken it, so it stops nothing. */
  failed(events: readonly E[], error: unknown, attempts: number, isTaken?: boolean): void;
  /** User code that is not the delivery itself threw: `missed`, or a teardown of work. */
  threw(error: unknown): void;
  /** The mailbox has closed. `unfinished`: the events of the delivery that was cut off. */
  closed(unfinished: readonly E[]): void;
}
