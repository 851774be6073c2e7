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

/** Encodes events and gaps as frames of a connection. */
export interface Framing<E, Frame> {
  /** Encodes an event. If it throws, the event has failed and becomes a gap. `hasOvertaken`: earlier events may still wait. */
  readonly event: (event: E, hasOvertaken: boolean) => Frame;
  /** Encodes a gap. */
  readonly missed: (missed: Missed) => Frame;
}

/**
 * An optional subscriber that writes to a client. The connection lives as long as `closed$` is subscribed to. So closing the
 * subscriber ends the connection, and a client that disconnects closes the subscriber.
 *
 * An event is written when there is room. If the connection is full after that, the delivery stays in flight until there is room
 * again. Later events wait in the buffer of the subscriber. So the connection exceeds its bound by at most one event and the gap
 * before it.
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

  /** Sends a gap. If that fails, the client is disconnected; otherwise it would assume that it has everything. */
  const sendGap = (gap: Parameters<typeof missedOf<EventOf<E, T>>>[0]): void => {
    try {
      client.write(framing.missed(missedOf(gap, idOf)));
    } catch (error) {
      client.cut(error);
    }
  };
  const open = (): void => {
    if (client.open() && lastEventId !== undefined && since === undefined) sendGap({ reason: 'expired' });
  };
  /** Whether the next event took the place of one that it superseded. */
  let isOvertaking = false;
  /** The event that waits for room. */
  let unwritten: EventOf<E, T> | undefined;
  /** Writes an event. Returns the wait for room after it, if there is none. */
  const write = (event: EventOf<E, T>): Observable<never> | undefined => {
    unwritten = undefined;
    const hasOvertaken = isOvertaking;
    isOvertaking = false;
    try {
      client.write(framing.event(event, hasOvertaken));
    } catch (error) {
      sendGap({ reason: 'failed', count: 1, first: event, last: event });
      throw error;
    }
    return client.room$;
  };
  type Told = Parameters<NonNullable<typeof missed>>[0];
  const missedGap = askingMissed<EventOf<E, T>, Told>(gap => {
    isOvertaking = gap.reason === 'superseded';
    sendGap(gap);
    return missed?.(gap);
  });
  let isRegistered = false;
  const closed$ = new Observable<unknown>(subscriber => {
    if (isRegistered)
      throw new OptionError('subscriber', 'one that is registered once, because it has one connection', name);
    isRegistered = true;
    subscriber.add(() => {
      // gaps are sent before the next event, and there is no next event
      if (unwritten !== undefined) sendGap({ reason: 'closed', count: 1, first: unwritten, last: unwritten });
      for (const gap of untoldOf(missedGap)) sendGap(gap);
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

/** The last id of a client. An empty one means that the client has received nothing. */
export const hadId = (id: string | undefined): string | undefined => (id === '' ? undefined : id);

/** Only a value or an error closes the subscriber. Completion does not. */
const closing = (subscriber: Parameters<typeof forwardTo<unknown>>[0]): Partial<ReturnType<typeof forwardTo>> => {
  const { next, error } = forwardTo(subscriber);
  return { next, error };
};
