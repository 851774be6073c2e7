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

/** Options of required and optional sinks. */
type SinkBase<T> = Pick<Registration<T>, 'types' | 'closed$' | 'signal'> & {
  /** Identifies one of several streams on a port. The source must have the same channel. Default `events`. */
  readonly channel?: string;
};

/** Options of required and optional deliveries. */
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
        /** How many unsettled events may be in flight. At least 1. Default 256. The `credit` of the source is a second bound. */
        readonly window?: number;
      })
    | Pick<
        OptionalDelivery<NoInfer<EventOf<E, T>>>,
        Shared | 'required' | 'capacity' | 'capacityBytes' | 'overflow' | 'missed'
      >
  );

/** Options that are passed on to the broker. They are checked there. */
const BROKER_OPTIONS = [
  ...['types', 'signal', 'name', 'skip$', 'hold$', 'stallAfter', 'highWaterMark', 'highWaterMarkBytes', 'onFailure'],
  ...['capacity', 'capacityBytes', 'overflow'],
];

/**
 * A subscriber that sends events through a port, to a worker or to another tab. `postMessage` has no flow control. So the sink
 * sends only as many events as the other side has given credit for.
 *
 *     sent              a-b-c-d-e-f
 *     port              a-b-----c-d        `portSource` gives credit for 2, and again when they are taken
 *     a, b are settled  ------(ab)
 *
 * A delivery of a required sink finishes when the consumer of `portSource` has settled the event (promise W6: required and
 * optional across a port). It fails if that consumer fails or the worker ends. Unsettled events are sent again to the next
 * subscription of the source. A delivery of an optional sink finishes when the event is sent. An optional sink drops events on
 * this side, and notifies the other side of each gap.
 *
 * An event that cannot be cloned fails with the `DataCloneError` of the platform. If the other side is gone, deliveries of a
 * required sink fail with `PortClosedError`, and an optional sink is closed with it. A sink can be registered once, and a channel
 * of a port has one sink at a time. A second one is closed with an `OptionError`. Throws `OptionError`.
 *
 * @param port - A `MessagePort`, a `Worker`, or the scope inside a worker.
 * @param options - Options for delivery. `required` is required.
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
    ...Object.fromEntries(BROKER_OPTIONS.map(name => [name, anything])),
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
  type ReceivedGap = Parameters<NonNullable<typeof missed>>[0];
  const missedGap = askingMissed<EventOf<E, T>, ReceivedGap>(gap => {
    sender.miss(gap);
    return missed?.(gap);
  });
  let isRegistered = false;
  const closed$ = new Observable<unknown>(subscriber => {
    if (isRegistered)
      throw new OptionError('subscriber', 'one that is registered once, because its port has one sink', read.name);
    isRegistered = true;
    const used = channelOf(port, channel);
    if (used.sink !== undefined) throw new OptionError('channel', 'one that no other sink of the port uses', channel);
    used.sink = sender;
    subscriber.add(() => {
      used.sink = undefined;
    });
    subscriber.add(() => sender.end(untoldOf(missedGap)));
    // a required sink is not closed by a failure of the port: its next delivery fails
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
