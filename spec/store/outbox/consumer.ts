import { BehaviorSubject, Subject, type Subscription } from 'rxjs';
import type { Notice, OpenedSource, Settlement } from 'rx-event-broker';

/** A consumer in plain words: it receives, can be paused, and settles when it is told to, or at once. */
export const consumer = <T extends { readonly payload: string | null }>({ settles = true } = {}) => {
  const settled$ = new BehaviorSubject(0);
  const pause$ = new BehaviorSubject(false);
  const received: T[] = [];
  const errors: unknown[] = [];
  const notices: Notice[] = [];
  const changes$ = new Subject<void>();
  const settlement: Settlement = {
    get received() {
      return received.length;
    },
    get settled() {
      return settled$.value;
    },
    settled$,
  };
  const told = (list: unknown[]) => (value: unknown) => {
    list.push(value);
    changes$.next();
  };
  return {
    pause$,
    received,
    errors,
    notices,
    settlement,
    payloads: () => received.map(({ payload }) => payload),
    settle: (count: number) => settled$.next(count),
    settleNothingMore: () => settled$.complete(),
    observer: { next: told(notices) },
    open: (source: OpenedSource<T>): Subscription =>
      source(pause$, settlement).subscribe({
        next: value => {
          told(received)(value);
          if (settles) settled$.next(received.length);
        },
        error: told(errors),
      }),
    /** Resolves when it is true: looked at whenever something was received or reported. */
    until: (isSo: () => boolean): Promise<void> =>
      new Promise(resolve => {
        const watching = changes$.subscribe(() => {
          if (!isSo()) return;
          watching.unsubscribe();
          resolve();
        });
        if (isSo()) {
          watching.unsubscribe();
          resolve();
        }
      }),
  };
};

export const released = ({ notices }: { readonly notices: readonly Notice[] }): number =>
  notices.filter(({ type }) => type === 'Released').length;

export const OUTBOX = `create table outbox (
  id bigint generated always as identity primary key,
  payload text not null)`;

export const NOTIFY = [
  `create function outbox_notify() returns trigger language plpgsql as $$
   begin perform pg_notify('outbox', ''); return null; end $$`,
  `create trigger outbox_notify after insert on outbox for each statement execute function outbox_notify()`,
];
