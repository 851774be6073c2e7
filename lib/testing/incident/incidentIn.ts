import type { InspectRecord } from '../../inspect/InspectRecord.js';
import type { Incident, IncidentEvent, IncidentSubscriber, Symptom } from './Incident.js';
import { IncidentError } from './IncidentError.js';
import { ENDLESS, work } from './timeline.js';

/** Which one of those in the records. Default: the first. */
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

/** Finds what went wrong in a recording, and what had happened until then. Throws `IncidentError` if nothing did. */
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
  const own = records.filter(record => record.broker === broker);
  const before = new Set(records.slice(0, index + 1));
  const first = own.find(({ kind }) => kind === 'offered')?.at ?? found.at;
  const subscribers = subscribersIn(own, first);
  const name = (key: number): string => subscribers.find(one => one.key === key)!.name;
  const { key } = subscriber;
  return {
    ...{ broker, reason, subscribers },
    symptom: symptomOf(found)!,
    who: name(key),
    events: eventsIn(own, record => before.has(record), first, subscribers),
  };
};

const subscribersIn = (own: readonly InspectRecord[], first: number): readonly IncidentSubscriber[] => {
  const byKey = new Map<number, IncidentSubscriber>();
  const names = new Set<string>();
  for (const { kind, at, subscriber, settings } of own) {
    if (subscriber === undefined) continue;
    const { key, name, required } = subscriber;
    let known = byKey.get(key);
    if (known === undefined) {
      const unique = names.has(name) ? `${name} (${key})` : name;
      names.add(unique);
      known = { key, name: unique, required, settings: settings ?? {}, holds: [] };
    }
    const letter = kind === 'held' ? 't' : kind === 'released' ? 'f' : undefined;
    const time = Math.max(0, Math.round(at - first));
    // of several levels in one ms the last one counts
    if (letter !== undefined)
      known = { ...known, holds: [...known.holds.filter(one => one.at < time), { at: time, letter }] };
    byKey.set(key, known);
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
  const took = new Map<number, number[]>();
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
    took.set(key, [...(took.get(key) ?? []), ms]);
    of.ended = work(ms, kind === 'failed');
  }
  // what never began would have taken as long as others
  const usual = (key: number): string => {
    const all = (took.get(key) ?? []).toSorted((a, b) => a - b);
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
