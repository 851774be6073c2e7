import type { SchedulerLike } from 'rxjs';
import type { Notice, Who } from '../contract/Notice.js';
import { stallWatch, type Progressing, type StallWatch } from './stallWatch.js';

/** The part of a mailbox that its `Stalled` notice shows. */
export interface Watched extends Progressing {
  readonly who: Who;
  /** The oldest pending event. */
  readonly front: unknown;
  /** The number of events that wait after its unit. */
  readonly behind: number;
  readonly saturated: boolean;
}

export type MailboxWatch = StallWatch<Watched>;

export const stalledNotice = <E>({ who, front, behind }: Watched, since: number): Notice<E> => ({
  type: 'Stalled',
  subscriber: who,
  ...(front === undefined ? {} : { event: front as E }),
  since,
  waiting: behind,
});

/** Emits a `Stalled` notice for a mailbox that makes no progress (promise B15). */
export const mailboxWatch = <E>(scheduler: SchedulerLike, notify: (notice: Notice<E>) => void): MailboxWatch =>
  stallWatch(scheduler, (mailbox, since) => notify(stalledNotice(mailbox, since)));
