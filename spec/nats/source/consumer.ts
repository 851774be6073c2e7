import { BehaviorSubject, Subject, type Subscription } from 'rxjs';
import type { Notice, OpenedSource, Settlement } from 'rx-event-broker';
import type { JetStreamMessage } from 'rx-event-broker/nats';

/** A consumer in plain words: it receives, can be paused, and settles when it is told to, or at once. */
export const consumer = ({ settles = true } = {}) => {
  const settled$ = new BehaviorSubject(0);
  const pause$ = new BehaviorSubject(false);
  const received: JetStreamMessage[] = [];
  const errors: Error[] = [];
  const notices: Notice[] = [];
  const changes$ = new Subject<void>();
  const state = { isComplete: false };
  const settlement: Settlement = {
    get received() {
      return received.length;
    },
    get settled() {
      return settled$.value;
    },
    settled$,
  };
  const told =
    <T>(list: T[]) =>
    (value: T) => {
      list.push(value);
      changes$.next();
    };
  return {
    pause$,
    received,
    errors,
    notices,
    settlement,
    state,
    texts: () => received.map(({ data }) => new TextDecoder().decode(data)),
    sequences: () => received.map(({ sequence }) => sequence),
    settle: (count: number) => settled$.next(count),
    observer: { next: told(notices) },
    open: (source: OpenedSource<JetStreamMessage>): Subscription =>
      source(pause$, settlement).subscribe({
        next: value => {
          told(received)(value);
          if (settles) settled$.next(received.length);
        },
        error: told(errors),
        complete: () => {
          state.isComplete = true;
          changes$.next();
        },
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

export type Consumer = ReturnType<typeof consumer>;

const count = (type: Notice['type'], { notices }: Pick<Consumer, 'notices'>): number =>
  notices.filter(notice => notice.type === type).length;
export const released = (one: Pick<Consumer, 'notices'>): number => count('Released', one);
export const waited = (one: Pick<Consumer, 'notices'>): string[] =>
  one.notices.flatMap(notice => (notice.type === 'Waiting' ? [notice.what] : []));
