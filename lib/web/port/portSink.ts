import { from, Observable } from 'rxjs';
import type { Registration, Subscriber } from '../../broker/Subscriber.js';
import type { All } from '../../event/All.js';
import type { AnyEvent } from '../../event/AnyEvent.js';
import type { EventOf } from '../../event/EventOf.js';
import type { OptionalDelivery, RequiredDelivery } from '../../flow/contract/Delivery.js';
import { OptionError } from '../../flow/contract/OptionError.js';
import { askingMissed, untoldOf } from '../../flow/contract/answerUntold.js';
import {
  aFunction,
  anything,
  closing,
  checkOption,
  checkOptions,
  count,
  flag,
  needed,
  text,
} from '../../flow/contract/options.js';
import { subscribeOwned } from '../../flow/subscribeOwned.js';
import { lanes } from '../../flow/strategies/lanes.js';
import { given } from '../given.js';
import { channelOf } from './channelOf.js';
import { aPort } from './listenTo.js';
import type { PortLike } from './PortLike.js';
import { DEFAULT_CREDIT } from './PortMessage.js';
import { PortSender } from './PortSender.js';

/** What both kinds of sinks take. */
type SinkBase<T> = Pick<Registration<T>, 'types' | 'closed$' | 'signal'> & {
  /** Tells several streams on one port apart. The source must name the same. Default `events`. */
  readonly channel?: string;
};

/** What both kinds of deliveries take. */
type Shared = 'name' | 'skip$' | 'hold$' | 'stallAfter';

/**
 * Options of `portSink`.
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export type PortSinkOptions<E extends AnyEvent, T> = SinkBase<T> &
  (
    | (Pick<
        RequiredDelivery<NoInfer<EventOf<E, T>>>,
        Shared | 'required' | 'highWaterMark' | 'highWaterMarkBytes' | 'onFailure'
      > & {
        /** Events on their way, not settled yet. At least 1. Default 256. The source's `credit` bounds them, too. */
        readonly window?: number;
      })
    | Pick<
        OptionalDelivery<NoInfer<EventOf<E, T>>>,
        Shared | 'required' | 'capacity' | 'capacityBytes' | 'overflow' | 'missed'
      >
  );

/** Those that the broker takes are checked by it. */
const BROKERS = [
  ...['types', 'signal', 'name', 'skip$', 'hold$', 'stallAfter', 'highWaterMark', 'highWaterMarkBytes', 'onFailure'],
  ...['capacity', 'capacityBytes', 'overflow'],
];

/**
 * A subscriber that sends its events to the other side of a port: to a worker, or to another tab. `postMessage` has no bound;
 * this sends only what the other side gives credit for.
 *
 *     sent              a-b-c-d-e-f
 *     port              a-b-----c-d        `portSource` gives credit for 2, and again when they are taken
 *     a, b are settled  ------(ab)
 *
 * A required one is finished with an event when the consumer of `portSource` is (promise W6): a consumer that fails, or a worker
 * that ends, fails it. What was sent and not settled is sent again to the next subscription of the source. An optional one is
 * finished when the event is sent; it drops here, and the other side is told.
 *
 * An event that cannot be cloned fails with the `DataCloneError` of the platform. If the other side is gone, a required one fails
 * with `PortClosedError`, an optional one is closed with it. A sink serves one registration, and a channel of a port one sink at
 * a time: another one is closed with an `OptionError`. Throws `OptionError`.
 *
 * @param port - A `MessagePort`, a `Worker`, or what is inside it.
 * @param options - How to deliver. `required` is needed.
 * @example
 * ```ts
 * const worker = new Worker('./worker.js');
 * broker.subscribe(portSink(worker, { required: true, types: ['Price'] }));
 * ```
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export const portSink = <E extends AnyEvent, const T extends E['type'] | All = All>(
  port: PortLike,
  options: PortSinkOptions<E, T>,
): Subscriber<E, T> => {
  checkOption('port', port, aPort);
  const read = checkOptions('portSink', options as Readonly<Record<string, unknown>> & typeof options, {
    required: needed(flag),
    ...Object.fromEntries(BROKERS.map(name => [name, anything])),
    closed$: closing,
    missed: aFunction,
    window: count(1),
    channel: text,
  }) as PortSinkOptions<E, T> & {
    readonly window?: number;
    readonly missed?: OptionalDelivery<EventOf<E, T>>['missed'];
  };
  const { channel = 'events', window = DEFAULT_CREDIT, closed$: closes$, missed, required, ...delivery } = read;
  const sender = new PortSender(port, channel, required);
  type Told = Parameters<NonNullable<typeof missed>>[0];
  const missedGap = askingMissed<EventOf<E, T>, Told>(gap => {
    sender.miss(gap);
    return missed?.(gap);
  });
  let isRegistered = false;
  const closed$ = new Observable<unknown>(subscriber => {
    if (isRegistered)
      throw new OptionError('subscriber', 'one that is registered once: its port has one sink', read.name);
    isRegistered = true;
    const used = channelOf(port, channel);
    if (used.sink !== undefined) throw new OptionError('channel', 'one that no other sink of the port uses', channel);
    used.sink = sender;
    subscriber.add(() => {
      used.sink = undefined;
    });
    subscriber.add(() => sender.end(untoldOf(missedGap)));
    // a required one is not closed by it: its next delivery fails
    sender.start(error => {
      if (!required) subscriber.error(error);
    });
    if (closes$ !== undefined)
      subscribeOwned(subscriber, from(closes$), {
        next: value => subscriber.next(value),
        error: (error: unknown) => subscriber.error(error),
      });
  });
  return {
    ...given(delivery),
    required,
    closed$,
    ...(required
      ? { lanes: lanes({ concurrency: window }) }
      : {
          missed: missedGap,
        }),
    next: (event: unknown) => {
      sender.start();
      return sender.send(event);
    },
  } as unknown as Subscriber<E, T>;
};
