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
} from './checkedSubscriber.js';
import type { Phase } from './Phase.js';
import type { Subscriptions } from './Subscriptions.js';

/** The parts of a broker that listening uses. */
interface Parts<E extends AnyEvent> {
  readonly phase: Phase;
  readonly subscriptions: Subscriptions<E>;
  readonly sizeOf: ((event: E) => number) | undefined;
}

/** Listening to a broker, to all of its types or to `only` these. */
export const listening = <E extends AnyEvent>(
  { phase, subscriptions, sizeOf }: Parts<E>,
  only?: readonly E['type'][],
): Omit<EventView<E>, 'types'> => ({
  subscribe: subscriber => {
    phase.refuse('subscribe');
    return subscriptions.register(
      checkedSubscriber('subscribe', subscriber as unknown as AnySubscriber<E>, sizeOf, only),
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
      subscriber.add(subscriptions.register(checkedStream(of as AnyStream<E>, emit, sizeOf, only), end));
    }),
  iterate: <T>(of: object) => {
    const checked = checkedLoop(of as AnyLoop<E>, sizeOf, only);
    return loopOver<T>((work, end) => {
      phase.refuse('iterate');
      const call = work as unknown as (event: E) => unknown;
      return subscriptions.registerLoop({ ...checked, call }, error =>
        end(error === undefined ? undefined : { error }),
      );
    });
  },
});
