import type { Subscriber, Subscription } from 'rxjs';
import type { Settlement } from '../contract/Settlement.js';
import { subscribeOwned } from '../subscribeOwned.js';

/**
 * Asks a consumer whether it is at rest, until `asking` is unsubscribed. That makes the consumer hand over what it gathers. An
 * error of `atRest$` is one of the subscriber.
 */
export const askRest = (
  asking: Subscription,
  subscriber: Subscriber<never>,
  settlement: Settlement | undefined,
  changed: (isAtRest: boolean) => void,
): void => {
  const { atRest$ } = settlement ?? {};
  subscriber.add(asking);
  if (atRest$ !== undefined)
    subscribeOwned(asking, atRest$, { next: changed, error: (error: unknown) => subscriber.error(error) });
};
