import type { SchedulerLike } from 'rxjs';
import type { Registration } from '../../broker/Subscriber.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import type { OptionalDelivery } from '../../flow/contract/Delivery.js';
import type { Gap } from '../../flow/contract/Gap.js';
import { aFunction, anything, closing, scheduler, text, type Check, type Checks } from '../../flow/contract/options.js';
import type { After, Expired } from '../../flow/contract/Served.js';

/**
 * Options that `sseSubscriber` and `webSocketSubscriber` share: those of an optional subscriber, and what only a client has.
 * @see node_modules/rx-event-broker/docs/web.md#options
 */
export type ClientOptions<E extends AnyEvent, T> = Pick<Registration<T>, 'types' | 'closed$' | 'signal'> &
  Pick<
    OptionalDelivery<NoInfer<EventOf<E, T>>, Gap<NoInfer<EventOf<E, T>>> | Expired>,
    'name' | 'skip$' | 'hold$' | 'stallAfter' | 'capacity' | 'capacityBytes' | 'overflow' | 'missed'
  > & {
    /** The id of an event. It is sent in gaps, and as the `id` of an event over SSE. Default: none. */
    readonly idOf?: (event: NoInfer<EventOf<E, T>>) => string | number;
    /** The type of the message that tells a gap. No event may have this type. Default `missed`. */
    readonly missedType?: string;
    /** Milliseconds of silence after which a sign of life is sent. At least 1; `Infinity` sends none. Default 15,000. */
    readonly heartbeat?: number;
    /**
     * Milliseconds after which a client is closed if its connection is full and takes nothing (promise W4). At least 1;
     * `Infinity` waits forever. Default 30,000.
     */
    readonly stalledFor?: number;
    /** The id of the last event that the client got before it came back. Default: none. */
    readonly lastEventId?: string;
    /**
     * Where to begin: becomes the option `since` of the subscriber, for a broker with `replay`. Called at once with the last
     * id, or `undefined` for a client that is new. If it returns `undefined`, or is not given, a client that comes back is
     * told a gap; so is one whose event is not kept any more (promise W3).
     */
    readonly since?: (lastEventId: string | undefined) => 'replay' | After<NoInfer<EventOf<E, T>>> | undefined;
    /** Times `heartbeat` and `stalledFor`. Default: RxJS's `asyncScheduler`. */
    readonly scheduler?: SchedulerLike;
  };

const someTime: Check = {
  expected: 'milliseconds, 1 or more',
  allows: value => typeof value === 'number' && value >= 1,
};

/** A text that can stand in one line of a message. */
const oneLine: Check = {
  expected: 'a string of one line, not empty',
  allows: value => typeof value === 'string' && value !== '' && !/[\r\n\0]/.test(value),
};

/** Those that the broker takes are checked by it. */
export const CLIENT_OPTIONS: Checks = {
  ...Object.fromEntries(
    ['types', 'signal', 'name', 'skip$', 'hold$', 'stallAfter', 'capacity', 'capacityBytes', 'overflow'].map(name => [
      name,
      anything,
    ]),
  ),
  closed$: closing,
  missed: aFunction,
  encode: aFunction,
  idOf: aFunction,
  missedType: oneLine,
  heartbeat: someTime,
  stalledFor: someTime,
  lastEventId: text,
  since: aFunction,
  scheduler,
};
