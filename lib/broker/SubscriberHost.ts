import type { AnyEvent } from '../event/AnyEvent.js';
import type { DeliveryContext } from '../flow/contract/DeliveryContext.js';
import type { Who } from '../flow/contract/Notice.js';
import type { MailboxGroup } from '../flow/mailbox/MailboxSettings.js';
import type { CompletionBarrier } from './CompletionBarrier.js';
import type { Dispatcher } from './Dispatcher.js';
import type { NoticeLog } from './NoticeLog.js';
import type { Settlements } from './Settlements.js';

/** What a subscriber (`S`) uses of its broker. */
export interface SubscriberHost<E extends AnyEvent, S> extends MailboxGroup {
  readonly dispatcher: Dispatcher<E>;
  readonly notices: NoticeLog<E>;
  readonly barrier: CompletionBarrier;
  readonly settlements: Settlements<E>;
  readonly context: DeliveryContext | undefined;
  /** Whether a caller will receive the next error that stops the broker. If not, it is logged. */
  readonly isHeard: boolean;
  /** Stops the broker: a required delivery has failed for good. */
  stop(who: Who, error: unknown): void;
  /** The snapshot may have changed. */
  changed(): void;
  /** The subscriber accepts nothing more. */
  closing(subscriber: S): void;
  /** The subscriber has ended. The deliveries of `unfinished` were cut off. */
  ended(subscriber: S, unfinished: readonly E[], error: unknown): void;
}
