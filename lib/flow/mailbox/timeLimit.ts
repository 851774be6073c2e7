import type { SchedulerLike } from 'rxjs';
import { DeliveryTimeoutError } from '../contract/DeliveryTimeoutError.js';
import type { Who } from '../contract/Notice.js';
import type { InHand } from './InHand.js';
import { stallWatch } from './stallWatch.js';
import { WaitReport } from './WaitReport.js';

/** What can be cut off: the slot of a mailbox. */
type Slot = Pick<InHand<unknown, unknown>, 'steps' | 'cutOff'>;

/**
 * Cuts off each try whose work takes longer than `failAfter` ms. One timer for all of them: in real time it looks now and then
 * whether the try is another one. While work runs it keeps a process alive, which else would end before the failure.
 */
export const timeLimit = (scheduler: SchedulerLike, failAfter: number, who: Who, slot: Slot): WaitReport<Slot> =>
  new WaitReport(
    stallWatch<Slot>(scheduler, () => slot.cutOff(new DeliveryTimeoutError(who.name, failAfter)), true),
    failAfter,
    slot,
  );
