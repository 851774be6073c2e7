import { Observable } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { loopOver } from '../flow/loop/loopOver.js';
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

/** The parts of a broker that listening uses. */
interface Parts<E extends AnyEvent> {
  readonly phase: Phase;
  readonly subscriptions: Subscriptions<E>;
  /** What its subscribers have in common. */
  readonly common: Common<E>;
}

/** Listening to a broker, to all of its types or to `only` these. */
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
      const emit = (value: unknown): void => subscriber.next(value as R);
      const end = (error: unknown): void => {
        if (error === undefined) subscriber.complete();
        else subscriber.error(error);
      };
      const checked = checkedStream(of as AnyStream<E>, emit, common, only);
      // added before anything is replayed, which may be the last that is wanted
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
