import { Observable, Subscription } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { anyTrue } from '../flow/level/anyTrue.js';
import { subscribeOwned } from '../flow/subscribeOwned.js';
import { followLevel } from '../flow/level/followLevel.js';
import { openSource } from '../flow/contract/Source.js';
import type { EventBroker } from './Broker.js';
import type { BrokerSnapshot } from './BrokerSnapshot.js';
import type { CompletionBarrier } from './CompletionBarrier.js';
import type { Dispatcher } from './Dispatcher.js';
import { ReceiveRunningError } from './ReceiveRunningError.js';
import type { Subscriptions } from './Subscriptions.js';

/** The one source that a broker receives from, if any (promise B11). */
export interface Receiver<E extends AnyEvent> {
  readonly running: boolean;
  readonly receive: EventBroker<E>['receive'];
  /** Cancels the source, and completes as if it had completed. */
  finish(): void;
  fail(error: unknown): void;
}

export const receiver = <E extends AnyEvent>(
  dispatcher: Dispatcher<E>,
  registry: Subscriptions<E>,
  deliveries: CompletionBarrier,
  snapshot: () => BrokerSnapshot,
): Receiver<E> => {
  let running: { finish(): void; fail(error: unknown): void } | undefined;

  const requiredMailboxes = () =>
    [...registry.all()].filter(({ required }) => required).flatMap(({ mailbox }) => mailbox ?? []);

  return {
    get running() {
      return running !== undefined;
    },
    finish: () => running?.finish(),
    fail: error => running?.fail(error),
    receive: source =>
      new Observable(subscriber => {
        dispatcher.refuseIfClosed('receive');
        if (running !== undefined) {
          subscriber.error(new ReceiveRunningError());
          return;
        }
        const input = new Subscription();
        // before anybody is told: who hears of the end may receive from the next source (as in F7)
        const over = (): void => {
          if (running === mine) running = undefined;
        };
        const done = (): void => {
          over();
          subscriber.next(snapshot());
          subscriber.complete();
        };
        // what it sent from inside a delivery is handed over first
        const completeWhenDone = (): void => {
          dispatcher.later(() => {
            if (!subscriber.closed) subscriber.add(deliveries.whenDone(requiredMailboxes(), done));
          });
        };
        const fail = (error: unknown): void => {
          over();
          subscriber.error(error);
        };
        const pause = anyTrue();
        // An event that comes inside a delivery waits behind it, in no mailbox: the next one is not asked for until then.
        let waits = false;
        const waitForTurn = (): void => {
          if (waits) return;
          waits = true;
          pause.raise();
          dispatcher.later(() => {
            waits = false;
            pause.lower();
          });
        };
        const mine = {
          fail,
          finish: () => {
            input.unsubscribe();
            completeWhenDone();
          },
        };
        running = mine;
        subscriber.add(over);
        subscriber.add(input);
        subscriber.add(followLevel(dispatcher.pressure.level$, up => (up ? pause.raise() : pause.lower()), fail));
        subscribeOwned(input, openSource(source, pause.level$), {
          next: event => {
            try {
              dispatcher.send(event);
            } catch (error) {
              fail(error);
            }
            if (dispatcher.busy) waitForTurn();
          },
          error: fail,
          complete: completeWhenDone,
        });
      }),
  };
};
