import type { NextObserver } from 'rxjs';
import type { InspectRecord } from '../inspect/InspectRecord.js';
import { nameOf } from './model/nameOf.js';
import { eventOf } from './model/waitsOf.js';

/** How many deliveries in flight are remembered. */
const MOST_IN_FLIGHT = 10_000;

/** The shortest entry in ms. The panel does not show entries without a length. */
const LEAST_LENGTH = 0.01;

/**
 * Shows deliveries in the Performance panel of Chrome while it records. Each broker has a group of tracks, with a track for each
 * subscriber. Losses, failures and stalls are marks. It works in a browser, and in a Node process that Chrome's DevTools inspect.
 * Pass it to `inspect`. It adds no entries to the performance timeline of the page.
 *
 * It requires records in real time.
 *
 * @example
 * ```ts
 * const stop = inspect(broker, performanceTracks());
 * ```
 * @see node_modules/rx-event-broker/docs/timeline.md
 */
export const performanceTracks = (): NextObserver<InspectRecord> => {
  // events without a number share a key; the oldest is first
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

/** Adds an entry to a track. The panel receives it inside the call, so it is removed from the page's timeline afterwards. */
const measure = (first: InspectRecord, { kind, at, broker, subscriber, reason, backlog }: InspectRecord): void => {
  const [start, end] = [first.at - performance.timeOrigin, at - performance.timeOrigin];
  // a record in virtual time, or from before the page was loaded
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
