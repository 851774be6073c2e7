import { DEFAULT_CAPACITY, DEFAULT_HIGH_WATER_MARK } from '../contract/Delivery.js';
import type { Gather } from '../contract/Gather.js';
import { OptionError } from '../contract/OptionError.js';
import { checkOptions, count, milliseconds, needed } from '../contract/options.js';
import { BoundedQueue } from '../mailbox/BoundedQueue.js';
import type { MailboxSettings, Strategy } from '../mailbox/MailboxSettings.js';
import { singleEvent } from '../mailbox/Measure.js';
import { batched } from './BatchQueue.js';
import { GatherGate } from './GatherGate.js';

/**
 * Options of `gather`.
 * @see node_modules/rx-event-broker/docs/broker/gather.md
 */
export interface GatherOptions {
  /** The most events of one delivery. At least 1, and at most `highWaterMark` or `capacity`. */
  readonly maxSize: number;
  /** How long an event may wait for others, in ms. Default 0: waiting events are delivered when nothing is in flight. */
  readonly maxWait?: number;
}

/**
 * Gathers events for a subscriber with `nextBatch`, such as a sink that writes many rows in one request.
 *
 *     sent         a-b-c-d--------e------
 *     nextBatch    ----(abc)-----d-----e      { maxSize: 3, maxWait: 10 }: three events, or those after 10 ms
 *
 * With `maxWait: 0`, up to `maxSize` waiting events are delivered when nothing is in flight. Otherwise a batch is delivered
 * when `maxSize` events wait, or when the oldest has waited for `maxWait` ms. It is delivered immediately if the subscriber
 * is saturated, if it or the broker is drained, and at the end of a source. A batch is retried, and fails, as a whole
 * (promise B23).
 *
 * Throws `OptionError`. `subscribe` throws it, too, without `nextBatch`, or if `maxSize` exceeds `highWaterMark` or
 * `capacity`.
 *
 * @param options - The most events of a batch, and the longest wait.
 * @example
 * ```ts
 * broker.subscribe({
 *   required: true,
 *   gather: gather({ maxSize: 500, maxWait: 200 }),
 *   nextBatch: events => post('/bulk', events),
 * });
 * ```
 * @see node_modules/rx-event-broker/docs/broker/gather.md
 */
export const gather = (options: GatherOptions): Gather => {
  const { maxSize, maxWait = 0 } = checkOptions('gather', options, {
    maxSize: needed(count(1)),
    maxWait: milliseconds,
  });
  const strategy: Gather & Strategy<unknown> = {
    strategy: 'gather',
    maxSize,
    maxWait,
    check: (delivery, isBatch) => {
      if (!isBatch) throw new OptionError('gather', 'a subscriber with nextBatch', strategy.strategy);
      const isRequired = delivery['required'] === true;
      const bound = isRequired ? 'highWaterMark' : 'capacity';
      const most = Number(delivery[bound] ?? (isRequired ? DEFAULT_HIGH_WATER_MARK : DEFAULT_CAPACITY));
      if (maxSize > most) throw new OptionError('maxSize', `at most ${bound}, which is ${most}`, maxSize);
    },
    applied: <U>(settings: MailboxSettings<U, unknown>): MailboxSettings<U, unknown> => {
      const { bytesOf, scheduler } = settings;
      const single = settings.single ?? {
        note: (event: unknown) => bytesOf?.([event] as U) ?? 0,
        open: onDropped => new BoundedQueue(singleEvent, settings as object, onDropped),
      };
      return batched(settings, single, maxSize, advance => new GatherGate(strategy, scheduler, advance));
    },
  };
  return strategy;
};
