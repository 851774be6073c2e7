import { BehaviorSubject, filter, map, type Observable } from 'rxjs';
import type { Notice } from '../../flow/contract/Notice.js';
import type { Tally } from '../../flow/contract/Tally.js';
import { changesOf } from '../marbles/expectValue.js';
import type { MarbleRun } from '../marbles/MarbleRun.js';
import { nextAt, type TestMessage } from '../marbles/TestMessage.js';

/** The part of an `EventBroker` that `expectDeliveries` reads. */
export interface CountingBroker {
  /** The counters of the broker. */
  readonly snapshot: () => {
    /** The counters of each subscriber. */
    readonly subscribers: readonly (Tally & {
      /** The name of the subscriber. */
      readonly name: string;
    })[];
  };
  /** The notices of the broker. */
  readonly notices$: Observable<Notice>;
}

export interface Counts {
  /** Each message is the number of events at one instant. */
  readonly dropped: () => readonly TestMessage<number>[];
  readonly skipped: () => readonly TestMessage<number>[];
}

/** Follows the tally of the subscriber `name`. After it has closed, its last tally is used. */
export const countsOf = (run: MarbleRun, broker: CountingBroker, name: string): Counts => {
  const last$ = new BehaviorSubject<Tally | undefined>(undefined);
  broker.notices$
    .pipe(
      filter(notice => notice.type === 'Closed'),
      filter(({ subscriber }) => subscriber.name === name),
      map(({ tally }) => tally),
    )
    .subscribe(last$);
  const read = (count: 'dropped' | 'skipped') => (): number => {
    const present = broker.snapshot().subscribers.find(subscriber => subscriber.name === name);
    return (present ?? last$.value)?.[count] ?? 0;
  };
  const dropped = changesOf(run, read('dropped'));
  const skipped = changesOf(run, read('skipped'));
  return { dropped: () => steps(dropped()), skipped: () => steps(skipped()) };
};

/** Turns totals into increments: `0 1 3` becomes `1 2`. */
const steps = (totals: readonly TestMessage[]): readonly TestMessage<number>[] =>
  totals.flatMap(({ frame, notification }, i) => {
    const more = numberOf(notification) - (i === 0 ? 0 : numberOf(totals[i - 1]?.notification));
    return more === 0 ? [] : [nextAt(frame, more)];
  });

const numberOf = (notification: TestMessage['notification'] | undefined): number =>
  notification?.kind === 'N' ? Number(notification.value) : 0;
