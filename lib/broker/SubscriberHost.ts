import type { AnyEvent } from '../event/AnyEvent.js';
import type { DeliveryContext } from '../flow/contract/DeliveryContext.js';
import type { Who } from '../flow/contract/Notice.js';
import type { MailboxGroup } from '../flow/mailbox/MailboxSettings.js';
import type { CompletionBarrier } from './CompletionBarrier.js';
import type { Dispatcher } from './Dispatcher.js';
import type { NoticeLog } from './NoticeLog.js';
import type { Settlements } from './Settlements.js';

/** The broker, as a subscriber (`S`) in it sees it. */
export interface SubscriberHost<E extends AnyEvent, S> extends MailboxGroup {
  readonly dispatcher: Dispatcher<E>;
  readonly notices: NoticeLog<E>;
  readonly barrier: CompletionBarrier;
  readonly settlements: Settlements<E>;
  readonly context: DeliveryContext | undefined;
  /** Whether a caller will receive the error that stops the broker. If not, it is logged. */
  readonly isHeard: boolean;
  /** Stops the broker: a delivery that must not fail has failed for good. */
  stop(who: Who, error: unknown): void;
  /** What a snapshot shows may have changed. */
  changed(): void;
  /** It takes nothing more. */
  closing(subscriber: S): void;
  /** Nothing of it is left. `unfinished` was cut off. */
  ended(subscriber: S, unfinished: readonly E[], error: unknown): void;
}
