import type { SchedulerLike } from 'rxjs';
import { DeliveryTimeoutError } from '../contract/DeliveryTimeoutError.js';
import type { Who } from '../contract/Notice.js';
import type { InHand } from './InHand.js';
import { stallWatch, type StallWatch } from './stallWatch.js';
import { WaitReport } from './WaitReport.js';

/** What can be cut off: the slot of a mailbox. */
export type LimitedSlot = Pick<InHand<unknown, unknown>, 'steps' | 'cutOff'>;

/**
 * Cuts off each try whose work takes longer than `failAfter` ms. One timer for all of them: in real time it looks now and then
 * whether the try is another one. While work runs it keeps a process alive, which else would end before the failure.
 */
export const limitWatch = (scheduler: SchedulerLike, failAfter: number, who: Who): StallWatch<LimitedSlot> =>
  stallWatch<LimitedSlot>(scheduler, slot => slot.cutOff(new DeliveryTimeoutError(who.name, failAfter)), true);

/** The same for a single slot. */
export const timeLimit = (
  scheduler: SchedulerLike,
  failAfter: number,
  who: Who,
  slot: LimitedSlot,
): WaitReport<LimitedSlot> => new WaitReport(limitWatch(scheduler, failAfter, who), failAfter, slot);
