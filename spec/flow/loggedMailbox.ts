import './invariants.js';
import { Subject, VirtualTimeScheduler } from 'rxjs';
import { Mailbox } from '../../lib/flow/mailbox/Mailbox.js';
import type { MailboxOwner } from '../../lib/flow/mailbox/MailboxOwner.js';
import type { MailboxSettings } from '../../lib/flow/mailbox/MailboxSettings.js';
import { mailboxWatch } from '../../lib/flow/mailbox/mailboxWatch.js';
import { singleEvent, type Measure } from '../../lib/flow/mailbox/Measure.js';

export const single = singleEvent as Measure<number, number>;

/** An owner that does nothing but what is given. */
export const owner = <U = number>(given: Partial<MailboxOwner<U, number>> = {}): MailboxOwner<U, number> => ({
  who: { id: 1, key: 1, name: 'mailbox' },
  start: () => undefined,
  notify: () => undefined,
  saturated: () => undefined,
  progressed: () => undefined,
  failed: () => undefined,
  threw: () => undefined,
  closed: () => undefined,
  ...given,
});

export const settings = (
  given: Partial<MailboxSettings<number, number>> = {},
): MailboxSettings<number, number> & { readonly scheduler: VirtualTimeScheduler } => {
  const scheduler = new VirtualTimeScheduler();
  return {
    measure: single,
    watch: mailboxWatch(scheduler, () => undefined),
    stallAfter: Infinity,
    ...given,
    scheduler,
  };
};

/** A mailbox that logs everything it reports, and whose work is finished by hand. */
export const loggedMailbox = (
  given: Partial<MailboxSettings<number, number>> = {},
  more: Partial<MailboxOwner<number, number>> = {},
) => {
  const log: string[] = [];
  const works: Subject<unknown>[] = [];
  const all = settings({ missed: ({ count }) => void log.push(`missed ${count}`), ...given });
  const mailbox = new Mailbox<number, number>(
    owner({
      start: n => {
        log.push(`start ${n}`);
        const work$ = new Subject<unknown>();
        works.push(work$);
        return work$;
      },
      notify: notice => {
        if (notice.type === 'Dropped') {
          const { count, first, last, reason, open } = notice;
          log.push(`dropped ${[count, first, last, reason, open ? 'open' : 'closed'].join(' ')}`);
        } else if (notice.type === 'Saturated' || notice.type === 'Clear')
          log.push(`${notice.type.toLowerCase()} ${notice.pending}`);
      },
      failed: ([n], error, attempts) =>
        void log.push(`failed ${String(n)} ${String(error)}${attempts > 1 ? ` after ${attempts}` : ''}`),
      threw: error => void log.push(`threw ${String(error)}`),
      closed: unfinished => void log.push(`closed [${String(unfinished)}]`),
      ...more,
    }),
    all,
  );
  const done = () => works.shift()?.complete();
  const told = () => log.splice(0);
  return { mailbox, works, done, told, log, scheduler: all.scheduler };
};
