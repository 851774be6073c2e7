import { Observable } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { loopOver } from '../flow/loop/loopOver.js';
import { forwardSafely } from '../flow/subscribeOwned.js';
import type { EventView } from './EventView.js';
import {
  checkedLoop,
  checkedStream,
  checkedSubscriber,
  type AnyLoop,
  type AnyStream,
  type AnySubscriber,
  type Common,
} from './checkedSubscriber.js';
import type { Phase } from './Phase.js';
import type { Subscriptions } from './Subscriptions.js';

/** What `listening` uses of a broker. */
interface Parts<E extends AnyEvent> {
  readonly phase: Phase;
  readonly subscriptions: Subscriptions<E>;
  readonly common: Common<E>;
}

/** `subscribe`, `stream` and `iterate` of a broker, for all of its types or `only` these. */
export const listening = <E extends AnyEvent>(
  { phase, subscriptions, common }: Parts<E>,
  only?: readonly E['type'][],
): Omit<EventView<E>, 'types'> => ({
  subscribe: subscriber => {
    phase.refuse('subscribe');
    return subscriptions.register(
      checkedSubscriber('subscribe', subscriber as unknown as AnySubscriber<E>, common, only),
    );
  },
  stream: <R>(of: object) =>
    new Observable<R>(subscriber => {
      phase.refuse('stream');
      const result = forwardSafely(subscriber);
      const emit = (value: unknown): void => subscriber.next(value as R);
      const end = (error: unknown): void => {
        if (error === undefined) result.complete();
        else result.error(error);
      };
      const checked = checkedStream(of as AnyStream<E>, emit, common, only);
      // added before the replay: an event of it may make the consumer unsubscribe
      subscriptions.register(checked, end, subscription => subscriber.add(subscription));
    }),
  iterate: <T>(of: object) => {
    const checked = checkedLoop(of as AnyLoop<E>, common, only);
    return loopOver<T>((work, end) => {
      phase.refuse('iterate');
      const call = work as unknown as (event: E) => unknown;
      return subscriptions.registerLoop({ ...checked, call }, error =>
        end(error === undefined ? undefined : { error }),
      );
    });
  },
});
