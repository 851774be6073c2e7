import { asyncScheduler, Observable, ReplaySubject } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { serialize } from '../flow/serialize.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { checkOptions, choice, count, scheduler } from '../flow/contract/options.js';
import { DEFAULT_MAX_PENDING } from '../flow/contract/Delivery.js';
import type { EventBroker } from './Broker.js';
import { BrokerClosedError } from './BrokerClosedError.js';
import type { BrokerOptions } from './BrokerOptions.js';
import type { BrokerSnapshot } from './BrokerSnapshot.js';
import { BrokerStoppedError } from './BrokerStoppedError.js';
import { CompletionBarrier } from './CompletionBarrier.js';
import { Dispatcher } from './Dispatcher.js';
import { checkedSubscriber, checkedStream, types, type AnyStream, type AnySubscriber } from './checkedSubscriber.js';
import { receiver, type Receiver } from './receiver.js';
import { Subscriptions } from './Subscriptions.js';

/**
 * Creates an event broker. Give it the union of its events once: `eventBroker<Price | Halt>()`.
 *
 *     open ──► drain() ──► every backlog is empty ──► closed
 *       └────► close(), or a required delivery failed for good ──► closed
 *
 * Throws `OptionError` for an invalid option.
 *
 * @param options - All optional; see `BrokerOptions` for the defaults.
 * @example
 * ```ts
 * const broker = eventBroker<Price | Halt>({ maxPending: 10_000 });
 * broker.subscribe({
 *   required: true,
 *   types: ['Price'],
 *   next: price => store(price),
 * });
 * broker.send({ type: 'Price', value: 7 });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/eventBroker.md
 */
export const eventBroker = <E extends AnyEvent>(options: BrokerOptions<E> = {}): EventBroker<E> => {
  const read = checkOptions('eventBroker', options, {
    unlisted: types,
    routeBatchBy: choice('eachEvent', 'firstEvent'),
    maxPending: count(1),
    scheduler,
  });
  const dispatcher = new Dispatcher<E>({
    unlisted: read.unlisted ?? [],
    maxPending: read.maxPending ?? DEFAULT_MAX_PENDING,
    wholeBatches: read.routeBatchBy === 'firstEvent',
  });
  const deliveries = new CompletionBarrier();
  const drained$ = new ReplaySubject<BrokerSnapshot>(1);
  // who is given the snapshot may close the broker: the others are given it before it completes
  const tellDrained = serialize<() => void>(tell => {
    tell();
  });
  let drained = false;
  let phase: 'open' | 'draining' | 'closed' = 'open';

  const registry: Subscriptions<E> = new Subscriptions<E>(dispatcher, read.scheduler ?? asyncScheduler, {
    progress: () => {
      // what is cut off when it is closed is not done: a receive that waits for it fails
      if (phase !== 'closed') deliveries.progressed();
    },
    heard: () => dispatcher.busy || receiving.running,
    stop: ({ who }, cause) => {
      dispatcher.stop(() => {
        const error = new BrokerStoppedError(who.name, cause);
        shutDown(() => error, error);
      });
    },
  });

  const snapshot = (): BrokerSnapshot => ({
    sent: dispatcher.routes.sent,
    unrouted: dispatcher.unrouted,
    saturated: dispatcher.pressure.value,
    subscribers: [...registry.members.values()].map(member => member.snapshot()),
  });

  const emitLast = (): void => {
    tellDrained(() => {
      drained$.next(snapshot());
    });
  };

  const receiving: Receiver<E> = receiver(dispatcher, registry, deliveries, snapshot);

  const shutDown = (refusal: (call: string) => Error, error?: Error): void => {
    if (phase === 'closed') return;
    phase = 'closed';
    dispatcher.close(refusal);
    dispatcher.refuseQueue(registry.members.values());
    registry.closeAll(error);
    dispatcher.pressure.end();
    receiving.fail(error ?? refusal('receive'));
    if (error === undefined) {
      if (!drained) emitLast();
      tellDrained(() => {
        drained$.complete();
      });
    } else drained$.error(error);
  };

  const closed = (call: string): Error => new BrokerClosedError(call);

  // nothing is accepted any more, so what is done stays done
  const closeWhenDrained = (): void => {
    if (phase === 'draining') deliveries.whenDone(registry.mailboxes(), () => dispatcher.later(closeDrained));
  };

  const closeDrained = (): void => {
    if (phase !== 'draining') return;
    drained = true;
    emitLast();
    shutDown(closed);
  };

  const broker: EventBroker<E> = {
    send: event => dispatcher.send(event),
    sendBatch: events => dispatcher.sendBatch(events),
    receive: source => receiving.receive(source),

    subscribe: subscriber => {
      dispatcher.refuseIfClosed('subscribe');
      return registry.register(checkedSubscriber('subscribe', subscriber as unknown as AnySubscriber<E>));
    },
    subscribeBatch: subscribers => {
      dispatcher.refuseIfClosed('subscribeBatch');
      if (!Array.isArray(subscribers)) throw new OptionError('subscribers', 'an array of subscribers', subscribers);
      // all are checked before the first is registered
      const all = Array.from(subscribers as readonly AnySubscriber<E>[], subscriber =>
        checkedSubscriber('subscribeBatch', subscriber),
      );
      return all.map(membership => {
        // who hears that one is subscribed may close the broker, and with it those who are in
        dispatcher.refuseIfClosed('subscribeBatch');
        return registry.register(membership);
      });
    },
    unsubscribe: (...ids) => {
      // looked up first: an id that is freed by this very call may be taken again at once
      for (const subscription of ids.map(id => registry.subscription(id))) subscription?.unsubscribe();
    },
    stream: <R>(of: object) =>
      new Observable<R>(subscriber => {
        dispatcher.refuseIfClosed('stream');
        const emit = (value: unknown): void => {
          subscriber.next(value as R);
        };
        const end = (error: unknown): void => {
          if (error === undefined) subscriber.complete();
          else subscriber.error(error);
        };
        subscriber.add(registry.register(checkedStream(of as AnyStream<E>, emit), end));
      }),

    notices$: registry.notices$,
    saturated$: dispatcher.pressure.level$,
    snapshot,

    drain: () => {
      if (phase === 'open') {
        phase = 'draining';
        dispatcher.close(closed);
        receiving.finish();
        // all before the first is let go: what is delivered then may change the level of another one
        for (const member of registry.all()) member.ignoreHold();
        dispatcher.later(closeWhenDrained);
        for (const member of [...registry.all()]) member.letGo();
      }
      return new Observable(subscriber => {
        subscriber.add(() => {
          shutDown(closed);
        });
        subscriber.add(drained$.subscribe(subscriber));
      });
    },
    close: () => {
      shutDown(closed);
    },
  };
  return broker;
};
