import { asyncScheduler, concat, defer, EMPTY, from, Observable } from 'rxjs';
import type { Subscriber } from '../../broker/Subscriber.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import { OptionError } from '../../flow/contract/OptionError.js';
import { askingMissed, untoldOf } from '../../flow/contract/answerUntold.js';
import { forwardTo, subscribeOwned } from '../../flow/subscribeOwned.js';
import { Client } from './Client.js';
import type { ClientLink } from './ClientLink.js';
import type { ClientOptions } from './ClientOptions.js';
import { given } from '../given.js';
import type { Missed } from '../Missed.js';
import { missedOf } from './missedOf.js';

/** How what is sent becomes a frame of the connection. */
export interface Framing<E, Frame> {
  /** An event. May throw: then it has failed, and is told as a gap. `hasOvertaken`: earlier ones may still wait. */
  readonly event: (event: E, hasOvertaken: boolean) => Frame;
  /** A gap. */
  readonly missed: (missed: Missed) => Frame;
}

/**
 * An optional subscriber that writes to a client. The connection lives as long as its `closed$` is subscribed to: whatever
 * closes the subscriber ends the connection, and a client that leaves closes the subscriber.
 *
 * An event is written when there is room. If the connection is full after it, its delivery stays in hand until there is room
 * again, and what comes waits in the subscriber's own buffer. So the connection holds one event more than it has room for, and
 * the gap before it, at most.
 */
export const clientSubscriber = <E extends AnyEvent, T, Frame>(
  link: ClientLink<Frame>,
  options: ClientOptions<E, T>,
  framing: Framing<EventOf<E, T>, Frame>,
): Subscriber<E, T> => {
  const { heartbeat = 15_000, stalledFor = 30_000, scheduler = asyncScheduler } = options;
  const lastEventId = hadId(options.lastEventId);
  const { types, name, skip$, hold$, stallAfter, capacity, capacityBytes, overflow, signal, missed, idOf } = options;
  const since = options.since?.(lastEventId);
  const client = new Client<Frame>(link, { heartbeat, stalledFor, scheduler });

  /** A client that cannot be told a gap is cut: it would take what it has for everything. */
  const tell = (gap: Parameters<typeof missedOf<EventOf<E, T>>>[0]): void => {
    try {
      client.write(framing.missed(missedOf(gap, idOf)));
    } catch (error) {
      client.cut(error);
    }
  };
  const open = (): void => {
    if (client.open() && lastEventId !== undefined && since === undefined) tell({ reason: 'expired' });
  };
  /** The next one took the place of one that it superseded. */
  let isOvertaking = false;
  /** It waits for room, and is not written. */
  let unwritten: EventOf<E, T> | undefined;
  /** Gives the wait for room after it. */
  const write = (event: EventOf<E, T>): Observable<never> | undefined => {
    unwritten = undefined;
    const hasOvertaken = isOvertaking;
    isOvertaking = false;
    try {
      client.write(framing.event(event, hasOvertaken));
    } catch (error) {
      tell({ reason: 'failed', count: 1, first: event, last: event });
      throw error;
    }
    return client.room$;
  };
  type Told = Parameters<NonNullable<typeof missed>>[0];
  const missedGap = askingMissed<EventOf<E, T>, Told>(gap => {
    isOvertaking = gap.reason === 'superseded';
    tell(gap);
    return missed?.(gap);
  });
  let isRegistered = false;
  const closed$ = new Observable<unknown>(subscriber => {
    if (isRegistered) throw new OptionError('subscriber', 'one that is registered once: its connection is one', name);
    isRegistered = true;
    subscriber.add(() => {
      // no event follows that they would be told before
      if (unwritten !== undefined) tell({ reason: 'closed', count: 1, first: unwritten, last: unwritten });
      for (const gap of untoldOf(missedGap)) tell(gap);
      client.end();
    });
    open();
    client.whenEnded(error => {
      if (error === undefined) subscriber.next(undefined);
      else subscriber.error(error);
    });
    if (options.closed$ !== undefined) subscribeOwned(subscriber, from(options.closed$), closing(subscriber));
  });

  return {
    required: false,
    ...given({ types, name, skip$, hold$, stallAfter, capacity, capacityBytes, overflow, signal, since }),
    closed$,
    missed: missedGap,
    next: event => {
      // an event may come before `closed$` is subscribed to
      open();
      const room$ = client.room$;
      if (room$ === undefined) return write(event);
      unwritten = event;
      return concat(
        room$,
        defer(() => write(event) ?? EMPTY),
      );
    },
  };
};

/** The id of what a client had. An empty one says that it had nothing. */
export const hadId = (id: string | undefined): string | undefined => (id === '' ? undefined : id);

/** What completes without a value closes nobody. */
const closing = (subscriber: Parameters<typeof forwardTo<unknown>>[0]): Partial<ReturnType<typeof forwardTo>> => {
  const { next, error } = forwardTo(subscriber);
  return { next, error };
};
