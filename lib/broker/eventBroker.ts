import { asyncScheduler, firstValueFrom, Observable, ReplaySubject } from 'rxjs';
import type { AnyEvent } from '../event/AnyEvent.js';
import { disposable } from '../flow/disposable.js';
import { serialize } from '../flow/serialize.js';
import { forwardSafely } from '../flow/subscribeOwned.js';
import { OptionError } from '../flow/contract/OptionError.js';
import { aFunction, checkOption, checkOptions, choice, count, having, scheduler } from '../flow/contract/options.js';
import { strategy } from '../flow/contract/deliveryOptions.js';
import { DEFAULT_MAX_PENDING } from '../flow/contract/Delivery.js';
import type { EventBroker } from './Broker.js';
import { BrokerClosedError } from './BrokerClosedError.js';
import type { BrokerOptions } from './BrokerOptions.js';
import type { BrokerSnapshot } from './BrokerSnapshot.js';
import { BrokerStoppedError } from './BrokerStoppedError.js';
import { Changes } from './Changes.js';
import { CompletionBarrier } from './CompletionBarrier.js';
import { Dispatcher } from './Dispatcher.js';
import { checkedSubscriber, namedTypes, types, type AnySubscriber } from './checkedSubscriber.js';
import { INSPECTABLE } from './Inspectable.js';
import { listening } from './listening.js';
import { NoticeLog } from './NoticeLog.js';
import { Phase } from './Phase.js';
import { Receiver } from './Receiver.js';
import type { OpensReplay } from './ReplayLog.js';
import { Snapshots } from './Snapshots.js';
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
    sizeOf: aFunction,
    context: having('a context, such as asyncContext() returns', 'hold', 'runIn'),
    replay: strategy('replay', 'replay({ events })'),
    scheduler,
  });
  const { sizeOf, maxPending = DEFAULT_MAX_PENDING } = read;
  const phase = new Phase();
  const changed = (): void => changes.changed();
  const notices = new NoticeLog<E>();
  const barrier = new CompletionBarrier();
  const dispatcher = new Dispatcher<E>(
    phase,
    {
      unlisted: read.unlisted ?? [],
      maxPending,
      wholeBatches: read.routeBatchBy === 'firstEvent',
    },
    changed,
  );
  const subscriptions: Subscriptions<E> = new Subscriptions<E>({
    phase,
    dispatcher,
    notices,
    barrier,
    scheduler: read.scheduler ?? asyncScheduler,
    context: read.context,
    isHeard: () =>
      phase.name !== 'closed' && !dispatcher.postponed.isStopping && (dispatcher.busy || receiving.running),
    changed,
    stop: ({ name }, cause) => {
      dispatcher.stop(() => {
        const error = new BrokerStoppedError(name, cause);
        shutDown(() => error, error);
      });
    },
  });

  const log = (read.replay as OpensReplay<E> | undefined)?.open({ dispatcher, notices, maxPending, sizeOf });
  const common = { sizeOf, log };
  const parts = { phase, subscriptions, common };

  const snapshots = new Snapshots<E>();
  const snapshot = (): BrokerSnapshot => {
    const { routes, call, pressure } = dispatcher;
    const counts = { sent: routes.sent, unrouted: call.unrouted, saturated: pressure.value };
    return snapshots.take(counts, subscriptions.listed());
  };
  const changes = new Changes(snapshot, isWatched => dispatcher.watch(isWatched));
  const receiving = new Receiver<E>({ phase, dispatcher, subscriptions, barrier, snapshot });

  const drained$ = new ReplaySubject<BrokerSnapshot>(1);
  // an observer of the snapshot may close the broker: the other observers get it before `drained$` completes
  const inTurn = serialize<() => void>(emit => emit());
  let isDrained = false;
  const emitLast = (): void => inTurn(() => drained$.next(snapshot()));

  const shutDown = (refusal: (call: string) => Error, error?: Error): void => {
    if (phase.name === 'closed') return;
    subscriptions.settlements.end();
    phase.enter('closed', refusal);
    barrier.close();
    dispatcher.close();
    dispatcher.queue.refuse(subscriptions.listed());
    subscriptions.closeAll(error);
    log?.end();
    dispatcher.pressure.end();
    receiving.fail(error ?? refusal('receive'));
    changes.end();
    if (error !== undefined) {
      drained$.error(error);
      return;
    }
    if (!isDrained) emitLast();
    inTurn(() => drained$.complete());
  };

  const closed = (call: string): Error => new BrokerClosedError(call);

  // nothing more is accepted, so an empty backlog stays empty
  const closeWhenDrained = (): void => {
    barrier.whenDone(subscriptions.mailboxes(), () => dispatcher.later(closeDrained));
  };

  // if the broker was closed in the meantime, `drained$` has ended
  const closeDrained = (): void => {
    isDrained = true;
    emitLast();
    shutDown(closed);
  };

  const broker = {
    send: event => dispatcher.send(event),
    sendBatch: events => dispatcher.sendBatch(events),
    receive: source => receiving.receive(source),

    ...listening<E>(parts),
    only: (...only) => {
      checkOption('types', only, namedTypes);
      return { types: only, ...listening<E>(parts, only) } as never;
    },
    subscribeBatch: subscribers => {
      phase.refuse('subscribeBatch');
      if (!Array.isArray(subscribers)) throw new OptionError('subscribers', 'an array of subscribers', subscribers);
      // all are checked before the first is registered
      const all = Array.from(subscribers as readonly AnySubscriber<E>[], subscriber =>
        checkedSubscriber('subscribeBatch', subscriber, common),
      );
      return all.map(membership => {
        // an observer of `Subscribed` may close the broker, and with it the subscribers registered so far
        phase.refuse('subscribeBatch');
        return subscriptions.register(membership);
      });
    },
    unsubscribe: (...ids) => {
      // all are looked up first: an id that this call frees may be taken again inside it
      for (const subscription of ids.map(id => subscriptions.subscription(id))) subscription?.unsubscribe();
    },
    notices$: notices.notices$,
    saturated$: dispatcher.pressure.level$,
    snapshot,
    changes$: changes.changes$,

    drain: () => {
      if (phase.name === 'open') {
        phase.enter('draining', closed);
        dispatcher.close();
        receiving.finish();
        // for all before the first is released: its deliveries may change the `hold$` of another subscriber
        for (const state of subscriptions.all()) state.delivery.ignoreHold();
        dispatcher.later(closeWhenDrained);
        for (const state of [...subscriptions.all()]) state.delivery.release();
      }
      return new Observable(subscriber => {
        subscriber.add(() => shutDown(closed));
        subscriber.add(drained$.subscribe(forwardSafely(subscriber)));
      });
    },
    close: () => shutDown(closed),
  } satisfies Omit<EventBroker<E>, typeof Symbol.asyncDispose>;
  Object.defineProperty(broker, INSPECTABLE, { value: subscriptions });
  return disposable(broker, Symbol.asyncDispose, async () => {
    await firstValueFrom(broker.drain(), { defaultValue: undefined });
  }) as unknown as EventBroker<E>;
};
