import type { SchedulerLike } from 'rxjs';
import type { Registration } from '../../broker/Subscriber.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import type { OptionalDelivery } from '../../flow/contract/Delivery.js';
import type { Gap } from '../../flow/contract/Gap.js';
import { aFunction, anything, closing, scheduler, text, type Check, type Checks } from '../../flow/contract/options.js';
import type { After, Expired } from '../../flow/contract/Served.js';

/**
 * Options that `sseSubscriber` and `webSocketSubscriber` share: those of an optional subscriber, and those of a client.
 * @see node_modules/rx-event-broker/docs/web.md#options
 */
export type ClientOptions<E extends AnyEvent, T> = Pick<Registration<T>, 'types' | 'closed$' | 'signal'> &
  Pick<
    OptionalDelivery<NoInfer<EventOf<E, T>>, Gap<NoInfer<EventOf<E, T>>> | Expired>,
    'name' | 'skip$' | 'hold$' | 'stallAfter' | 'capacity' | 'capacityBytes' | 'overflow' | 'missed'
  > & {
    /** Returns the id of an event. It is sent in gaps, and as the `id` field over SSE. Default: none. */
    readonly idOf?: (event: NoInfer<EventOf<E, T>>) => string | number;
    /** The type of the message that reports a gap. No event may have this type. Default `missed`. */
    readonly missedType?: string;
    /** A heartbeat is sent after this many ms without a message. At least 1; `Infinity`: never. Default 15,000. */
    readonly heartbeat?: number;
    /**
     * How long a client may take nothing while its connection is full, in ms. Then it is disconnected with `ClientStalledError`
     * (promise W4: a client without progress). At least 1; `Infinity`: forever. Default 30,000.
     */
    readonly stalledFor?: number;
    /** The id of the last event that a reconnecting client has received. Default: none. */
    readonly lastEventId?: string;
    /**
     * Returns where to begin: the option `since` of the subscriber, for a broker with `replay`. It is called immediately, with the
     * last id, or with `undefined` for a new client. If it is absent or returns `undefined`, a reconnecting client gets a gap. It also
     * gets a gap if its last event is no longer kept (promise W3: a client is told what it missed).
     */
    readonly since?: (lastEventId: string | undefined) => 'replay' | After<NoInfer<EventOf<E, T>>> | undefined;
    /** The scheduler of `heartbeat` and `stalledFor`. Default: RxJS's `asyncScheduler`. */
    readonly scheduler?: SchedulerLike;
  };

const someTime: Check = {
  expected: 'milliseconds, 1 or more',
  allows: value => typeof value === 'number' && value >= 1,
};

/** A non-empty text without line breaks. */
const oneLine: Check = {
  expected: 'a string of one line, not empty',
  allows: value => typeof value === 'string' && value !== '' && !/[\r\n\0]/.test(value),
};

/** Options that are passed on to the broker are checked there. */
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
