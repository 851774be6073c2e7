import { filter, mergeAll } from 'rxjs';
import { eventBroker } from '../../broker/eventBroker.js';
import type { Subscriber } from '../../broker/Subscriber.js';
import { keepLatestBy } from '../../flow/strategies/keepLatestBy.js';
import { lanes } from '../../flow/strategies/lanes.js';
import { runMarbles } from '../marbles/runMarbles.js';
import type { Incident, IncidentEvent, IncidentSubscriber, Symptom } from './Incident.js';
import { scoreOf } from './Score.js';
import { timeline } from './timeline.js';

type Sent = Omit<IncidentEvent, 'at'>;

/** The notice that reports each symptom. */
export const NOTICES = { gap: 'Dropped', stall: 'Stalled', failure: 'Failed' } as const satisfies Record<
  Symptom,
  string
>;

/** Whether the incident reproduces. Runs the program that `printed` prints, in virtual time. */
export const shows = ({ symptom, who, subscribers, events }: Incident): boolean => {
  let isSeen = false;
  const { marbles, letters, events: kinds } = scoreOf(events);
  runMarbles(({ hot, cold, level }) => {
    const broker = eventBroker<Sent>();
    broker.notices$
      .pipe(
        filter(notice => notice.type === NOTICES[symptom] && 'subscriber' in notice && notice.subscriber.name === who),
      )
      .subscribe({
        next: notice => {
          isSeen ||= notice.type !== 'Dropped' || notice.reason === 'overflow';
        },
        error: () => undefined,
      });
    for (const one of subscribers) {
      const work = (event: Sent): unknown => (event.work[one.name] ? cold(event.work[one.name]!) : undefined);
      const holding = one.holds.length === 0 ? {} : { hold$: level(timeline(one.holds)) };
      broker.subscribe({ ...served(one), ...holding, ...called(one, work) } as unknown as Subscriber<Sent>);
    }
    const values = Object.entries(letters).map(([letter, times]) => [
      letter,
      times.flatMap(({ event, count }) => new Array<Sent>(count).fill(kinds[event]!)),
    ]);
    const sent$ = hot(marbles, Object.fromEntries(values) as Record<string, Sent[]>);
    broker.receive(sent$.pipe(mergeAll())).subscribe({ error: () => undefined });
  });
  return isSeen;
};

const called = ({ settings }: IncidentSubscriber, work: (event: Sent) => unknown): object =>
  settings.batches === true ? { nextBatch: ([first]: readonly Sent[]) => work(first!) } : { next: work };

/** The recorded options of a subscriber. */
const served = ({ name, required, settings }: IncidentSubscriber): object => {
  const { concurrency, overflow, onFailure, batches, ...bounds } = settings;
  const by = ({ key }: Sent): unknown => key;
  return {
    ...{ name, required, ...bounds },
    ...(required && onFailure !== undefined ? { onFailure } : {}),
    ...(concurrency === undefined
      ? {}
      : { lanes: batches === true ? lanes({ concurrency }) : lanes({ concurrency, by }) }),
    ...(required || overflow === undefined
      ? {}
      : { overflow: overflow === 'keepLatestBy' ? keepLatestBy(by) : overflow }),
  };
};
