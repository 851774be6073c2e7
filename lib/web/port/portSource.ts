import type { Gap } from '../../flow/contract/Gap.js';
import { aFunction, checkOption, checkOptions, choice, count, text } from '../../flow/contract/options.js';
import type { OpenedSource } from '../../flow/contract/Pausable.js';
import { leased } from '../../flow/lease.js';
import { followLevel } from '../../flow/level/followLevel.js';
import { settledBy } from '../../flow/settlement/settledBy.js';
import { channelOf } from './channelOf.js';
import { aPort } from './listenTo.js';
import type { PortLike } from './PortLike.js';
import { DEFAULT_CREDIT, type PortGap } from './PortMessage.js';
import { PortReceiver } from './PortReceiver.js';

/**
 * A run of events that the other side has dropped.
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export interface PortMissed<T> {
  /** How many events were dropped. */
  readonly count: number;
  /** The reason, as in `Gap`. `failed`: an event could not be cloned. */
  readonly reason: Gap<T>['reason'] | 'failed';
  /** The first dropped event. Absent if it cannot be cloned. */
  readonly first?: T;
  /** The last dropped event. Absent if it cannot be cloned. */
  readonly last?: T;
}

/**
 * Options of `portSource`.
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export interface PortSourceOptions<T> {
  /** Identifies one of several streams on a port. The sink must have the same channel. Default `events`. */
  readonly channel?: string;
  /** How many events may be in flight or wait here while the consumer is full. At least 1. Default 256. */
  readonly credit?: number;
  /** Called with each gap of an optional sink, before the event after it. */
  readonly missed?: (missed: PortMissed<NoInfer<T>>) => void;
  /** With `'none'`, a consumer without a settlement is allowed: events are settled when emitted. Default: that is an error. */
  readonly settlement?: 'none';
}

/**
 * A source of the events that a `portSink` sends from the other side of a port. It can be paused.
 *
 *     port     a-b-c-d-e        credit: 3
 *     pause$   --t---f--
 *     source   a-----(bcd)      during the pause the credit runs out, so the sink stops sending
 *
 * A required sink receives the settlements of this source, so its guarantees hold across the port (promise W6: required and
 * optional across a port). The source completes when the subscriber of the sink is closed. A second subscription to the same
 * channel waits until the first one has ended.
 *
 * **Errors.** `PortClosedError`: the worker or the port has gone before the end, or the sink was closed with unsettled events.
 * `PortProtocolError`: the other side uses another version. `NotSettledError`: the consumer gives no settlement. `OptionError` is
 * thrown by the call.
 *
 * @param port - A `MessagePort`, a `Worker`, or the scope inside a worker.
 * @param options - All are optional.
 * @example
 * ```ts
 * broker.receive(portSource<Price>(worker)).subscribe();
 * ```
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export const portSource = <T>(port: PortLike, options: PortSourceOptions<T> = {}): OpenedSource<T> => {
  checkOption('port', port, aPort);
  const read = checkOptions('portSource', options, {
    channel: text,
    credit: count(1),
    missed: aFunction,
    settlement: choice('none'),
  });
  const { channel = 'events', credit = DEFAULT_CREDIT, missed } = read;
  return (pause$, settlement) =>
    leased<T>(channelOf(port, channel), (subscriber, end) => {
      const given = settledBy<readonly [string, number]>(
        subscriber,
        settlement ?? read.settlement,
        ([session, number]) => receiver.settled(session, number),
      );
      const receiver = new PortReceiver(port, channel, credit, {
        value: (value, token) => given(token, () => subscriber.next(value as T)),
        missed: (gap: PortGap) => missed?.(gap as PortMissed<T>),
        isOpen: () => !subscriber.closed,
        complete: () => given.complete(),
        error: error => subscriber.error(error),
      });
      subscriber.add(
        followLevel(
          pause$,
          level => receiver.pause(level),
          error => subscriber.error(error),
        ),
      );
      if (!subscriber.closed) receiver.open();
      return () => {
        receiver.leave();
        end();
      };
    });
};
