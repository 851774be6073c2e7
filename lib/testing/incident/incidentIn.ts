import type { InspectRecord } from '../../inspect/InspectRecord.js';
import type { Incident, IncidentEvent, IncidentSubscriber, Symptom } from './Incident.js';
import { IncidentError } from './IncidentError.js';
import { ENDLESS, work } from './timeline.js';

/** Selects an incident in the records. Default: the first. */
export interface Which {
  readonly broker?: string | undefined;
  readonly symptom?: Symptom | undefined;
  readonly subscriber?: string | undefined;
}

const symptomOf = ({ kind, reason, subscriber }: InspectRecord): Symptom | undefined => {
  if (subscriber === undefined) return undefined;
  if (kind === 'dropped' && reason === 'overflow') return 'gap';
  if (kind === 'failed' && reason !== 'closed during its work') return 'failure';
  return kind === 'stalled' ? 'stall' : undefined;
};

/** Finds an incident in a recording, with the events before it. Throws `IncidentError` if there is none. */
export const incidentIn = (records: readonly InspectRecord[], which: Which): Incident => {
  const isIt = (record: InspectRecord): boolean => {
    const symptom = symptomOf(record);
    return (
      symptom !== undefined &&
      (which.symptom === undefined || which.symptom === symptom) &&
      (which.broker === undefined || which.broker === record.broker) &&
      (which.subscriber === undefined || which.subscriber === record.subscriber?.name)
    );
  };
  const index = records.findIndex(isIt);
  const found = records[index];
  if (found?.subscriber === undefined)
    throw new IncidentError(
      `the ${records.length} records show no ${which.symptom ?? 'gap, stall or failure'}${which.subscriber === undefined ? '' : ` of ${which.subscriber}`}`,
    );
  const { broker, subscriber, reason } = found;
  const { key } = subscriber;
  const opened = ({ kind, broker: name }: InspectRecord): boolean => kind === 'opened' && name === broker;
  // recordings in the same file reuse event numbers, so only the records of one recording are used
  const start = Math.max(
    0,
    records.findLastIndex((record, i) => i < index && opened(record)),
  );
  const end = records.findIndex((record, i) => i > index && opened(record));
  const own = records.slice(start, end === -1 ? undefined : end).filter(record => record.broker === broker);
  const before = new Set(records.slice(start, index + 1));
  const isReplayed = ({ kind, event, subscriber: to }: InspectRecord): boolean =>
    kind === 'offered' && event === undefined && to?.key === key;
  const replayed = records.findIndex((record, i) => i >= start && record.broker === broker && isReplayed(record));
  if (replayed !== -1 && replayed < index)
    throw new IncidentError(
      `${subscriber.name} got replayed events (record ${replayed + 1}), which have no number: a test cannot send them again`,
    );
  const first = own.find(({ kind }) => kind === 'offered')?.at ?? found.at;
  const subscribers = subscribersIn(own, first);
  const name = (key: number): string => subscribers.find(one => one.key === key)!.name;
  return {
    ...{ broker, reason, subscribers },
    symptom: symptomOf(found)!,
    who: name(key),
    events: eventsIn(own, record => before.has(record), first, subscribers),
  };
};

type Hold = IncidentSubscriber['holds'][number];

const subscribersIn = (own: readonly InspectRecord[], first: number): readonly IncidentSubscriber[] => {
  const byKey = new Map<number, IncidentSubscriber & { readonly holds: Hold[] }>();
  const names = new Set<string>();
  for (const { kind, at, subscriber, settings } of own) {
    if (subscriber === undefined) continue;
    const { key, name, required } = subscriber;
    let known = byKey.get(key);
    if (known === undefined) {
      let unique = name;
      while (names.has(unique)) unique += ` (${key})`;
      names.add(unique);
      known = { key, name: unique, required, settings: settings ?? {}, holds: [] };
      byKey.set(key, known);
    }
    const letter = kind === 'held' ? 't' : kind === 'released' ? 'f' : undefined;
    const time = Math.max(0, Math.round(at - first));
    if (letter === undefined) continue;
    // the last of several levels in one ms counts
    if ((known.holds.at(-1)?.at ?? -1) >= time) known.holds.pop();
    known.holds.push({ at: time, letter });
  }
  return [...byKey.values()];
};

interface Work {
  readonly began: number;
  ended: string;
}

const eventsIn = (
  own: readonly InspectRecord[],
  isBefore: (record: InspectRecord) => boolean,
  first: number,
  subscribers: readonly IncidentSubscriber[],
): readonly IncidentEvent[] => {
  const sent = new Map<number, InspectRecord>();
  const works = new Map(subscribers.map(({ key }) => [key, new Map<number, Work>()]));
  const took = new Map(subscribers.map(({ key }) => [key, [] as number[]]));
  for (const record of own) {
    const { kind, at, event, subscriber, reason } = record;
    if (event === undefined || subscriber === undefined) continue;
    const { key } = subscriber;
    const known = works.get(key)!;
    if (kind === 'offered' && !sent.has(event) && isBefore(record)) sent.set(event, record);
    if (kind === 'began' && !known.has(event)) known.set(event, { began: at, ended: ENDLESS });
    const of = known.get(event);
    if ((kind !== 'ended' && kind !== 'failed') || of === undefined || reason === 'closed during its work') continue;
    const ms = Math.max(0, Math.round(at - of.began));
    took.get(key)!.push(ms);
    of.ended = work(ms, kind === 'failed');
  }
  // an event whose work never began gets the median duration of the subscriber
  const usual = (key: number): string => {
    const all = took.get(key)!.sort((a, b) => a - b);
    return work(all[all.length >> 1] ?? 0, false);
  };
  const usually = new Map(subscribers.map(({ key }) => [key, usual(key)]));
  return [...sent].map(([number, { at, type = '', key }]) => ({
    ...{ at: Math.max(0, Math.round(at - first)), type, key },
    work: Object.fromEntries(
      subscribers.map(one => [one.name, works.get(one.key)?.get(number)?.ended ?? usually.get(one.key)!]),
    ),
  }));
};
