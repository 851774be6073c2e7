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
 * What the other side has dropped. The events are absent if they could not be cloned.
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export interface PortMissed<T> {
  /** How many. */
  readonly count: number;
  /** As in `Gap`, or `failed`: an event could not be cloned. */
  readonly reason: Gap<T>['reason'] | 'failed';
  /** The first of them. */
  readonly first?: T;
  /** The last of them. */
  readonly last?: T;
}

/**
 * Options of `portSource`.
 * @see node_modules/rx-event-broker/docs/web.md#workers-and-tabs
 */
export interface PortSourceOptions<T> {
  /** Tells several streams on one port apart. The sink must name the same. Default `events`. */
  readonly channel?: string;
  /** Events that may be on their way or wait here while the consumer is full. At least 1. Default 256. */
  readonly credit?: number;
  /** Called with what an optional sink has dropped, before the event after it. */
  readonly missed?: (missed: PortMissed<NoInfer<T>>) => void;
  /** `'none'`: an event is settled when it is emitted, if the consumer gives no settlement. Default: that is an error. */
  readonly settlement?: 'none';
}

/**
 * What the other side of a port sends by `portSink`, as a source that can be paused.
 *
 *     port     a-b-c-d-e        credit: 3
 *     pause$   --t---f--
 *     source   a-----(bcd)      while it waits, the sink has no credit, and waits too
 *
 * A required sink hears of what is settled here: its promises hold across the port (promise W6). The source completes when the
 * sink's subscriber is closed, and errors with `PortClosedError` if the worker or the port has gone before, or if the sink was
 * closed with events that were not settled. It errors with `PortProtocolError` if the other side has another version, and with
 * `NotSettledError` if it is opened without a settlement. A second subscription to a channel waits
 * until the first one has left. Throws `OptionError`.
 *
 * @param port - A `MessagePort`, a `Worker`, or what is inside it.
 * @param options - All optional.
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
