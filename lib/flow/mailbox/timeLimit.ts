import type { SchedulerLike } from 'rxjs';
import { DeliveryTimeoutError } from '../contract/DeliveryTimeoutError.js';
import type { Who } from '../contract/Notice.js';
import type { InHand } from './InHand.js';
import { stallWatch, type StallWatch } from './stallWatch.js';
import { WaitReport } from './WaitReport.js';

/** The part of a mailbox's slot that a time limit needs. */
export type LimitedSlot = Pick<InHand<unknown, unknown>, 'steps' | 'cutOff'>;

/**
 * Cuts off each attempt whose work takes longer than `failAfter` ms, with one timer for all of them. In real time it looks
 * now and then whether the same attempt is still running. During work it keeps the process alive, which might otherwise end
 * before the failure.
 */
export const limitWatch = (scheduler: SchedulerLike, failAfter: number, who: Who): StallWatch<LimitedSlot> =>
  stallWatch<LimitedSlot>(scheduler, slot => slot.cutOff(new DeliveryTimeoutError(who.name, failAfter)), true);

/** A time limit for a single slot. */
export const timeLimit = (
  scheduler: SchedulerLike,
  failAfter: number,
  who: Who,
  slot: LimitedSlot,
): WaitReport<LimitedSlot> => new WaitReport(limitWatch(scheduler, failAfter, who), failAfter, slot);
