import type { NextObserver } from 'rxjs';
import type { InspectRecord } from '../inspect/InspectRecord.js';
import { nameOf } from './model/nameOf.js';
import { eventOf } from './model/waitsOf.js';

/** Deliveries in flight that are remembered. */
const MOST_IN_FLIGHT = 10_000;

/** In ms. The panel shows no entry without a length. */
const LEAST_LENGTH = 0.01;

/**
 * Shows deliveries in the Performance panel of Chrome, while it records: a track for each subscriber, in a group for each broker, and
 * marks for what was lost, failed or stalled. For a browser, and for a Node process that Chrome's DevTools inspect. Give it to
 * `inspect`. It keeps nothing in the performance timeline of the page.
 *
 * For records in real time: their times are those of the day.
 *
 * @example
 * ```ts
 * const stop = inspect(broker, performanceTracks());
 * ```
 * @see node_modules/rx-event-broker/docs/timeline.md
 */
export const performanceTracks = (): NextObserver<InspectRecord> => {
  // those without a number share an entry, oldest first
  const begun = new Map<string, InspectRecord[]>();
  return {
    next: record => {
      const { kind, broker, subscriber, event } = record;
      if (subscriber === undefined) return;
      const id = `${subscriber.key} ${event ?? ''} ${broker}`;
      if (kind === 'began') {
        const isNew = event === undefined && record.attempt === undefined;
        const known = begun.get(id);
        if (known === undefined) begun.set(id, [record]);
        else if (isNew && known.length < MOST_IN_FLIGHT) known.push(record);
        if (begun.size > MOST_IN_FLIGHT) begun.delete(begun.keys().next().value!);
      } else if (kind === 'ended' || kind === 'failed') {
        const known = begun.get(id);
        const first = known?.shift();
        if (known?.length === 0) begun.delete(id);
        if (first !== undefined) measure(first, record);
      } else if (MARKED.has(kind)) measure(record, record);
    },
  };
};

const MARKED: ReadonlySet<InspectRecord['kind']> = new Set(['dropped', 'superseded', 'stalled', 'retrying']);

const COLOURS: Readonly<Partial<Record<InspectRecord['kind'], string>>> = {
  ended: 'primary',
  retrying: 'warning',
  superseded: 'warning',
};

/** One entry of a track. The panel gets it at the call, so it need not stay in the timeline of the page. */
const measure = (first: InspectRecord, { kind, at, broker, subscriber, reason, backlog }: InspectRecord): void => {
  const [start, end] = [first.at - performance.timeOrigin, at - performance.timeOrigin];
  // of virtual time, or of before the page
  if (start < 0 || end < start) return;
  const track = nameOf(subscriber!);
  const name = `${kind === 'ended' ? '' : `${kind}: `}${first.type ?? 'event'} ${first.event ?? ''}`.trim();
  const properties = [
    ['event', eventOf(first)],
    ...(backlog === undefined ? [] : [['backlog', String(backlog)]]),
    ...(reason === undefined ? [] : [['reason', reason]]),
  ];
  const devtools = {
    dataType: 'track-entry',
    track,
    trackGroup: broker,
    color: COLOURS[kind] ?? 'error',
    tooltipText: `${track}: ${name}`,
    properties,
  };
  performance.measure(name, { start, end: Math.max(end, start + LEAST_LENGTH), detail: { devtools } });
  performance.clearMeasures(name);
};
