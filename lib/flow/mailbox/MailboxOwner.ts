import type { DeliveryTap } from '../contract/DeliveryTap.js';
import type { Notice, Who } from '../contract/Notice.js';
import type { Settlement } from '../contract/Settlement.js';
import type { Signal } from '../contract/Signal.js';

/**
 * Whose mailbox it is: a subscriber of a broker, a branch of a fan-out, or an operator. A mailbox calls its owner only
 * when its own state is right, so every method may call the mailbox again. Only `start` may throw.
 */
export interface MailboxOwner<U, E> {
  /** Its name in notices. */
  readonly who: Who;
  /** What the source that it receives is given, if there is one: a parking knows by it what its own replay has given. */
  readonly settlement?: Settlement | undefined;
  /** Sees what becomes of its deliveries. */
  readonly tap?: DeliveryTap<U, E> | undefined;
  /** Delivers a unit. Work that it returns is waited for. `signal`: of a delivery that is abortable. */
  start(unit: U, signal: Signal | undefined): unknown;
  /** Events were taken, and are pending. Must not call the mailbox. */
  accepted?(events: number): void;
  /** The work of a delivery emitted a value. Without it, what work emits is ignored. */
  readonly emitted?: ((value: unknown) => void) | undefined;
  notify(notice: Notice<E>): void;
  /** Its backlog reached the high-water mark, or fell to half of it. */
  saturated(level: boolean): void;
  /** A delivery has finished, or the mailbox has closed. */
  progressed(): void;
  /** A delivery failed for good, after `attempts` tries. `isTaken`: `onFailure` has taken it, so it stops nobody. */
  failed(events: readonly E[], error: unknown, attempts: number, isTaken?: boolean): void;
  /** User code that is not the delivery itself threw: `missed`, or a teardown of work. */
  threw(error: unknown): void;
  /** Nothing is left and nothing will come. `unfinished` was cut off. */
  closed(unfinished: readonly E[]): void;
}
