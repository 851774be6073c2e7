import { choice, checkOption, checkOptions, needed, text, type Check } from '../../flow/contract/options.js';
import type { InspectRecord } from '../../inspect/InspectRecord.js';
import type { Symptom } from './Incident.js';
import { IncidentError } from './IncidentError.js';
import { inOrder } from './inOrder.js';
import { incidentIn } from './incidentIn.js';
import { printed } from './printed.js';
import { shows } from './shows.js';
import { shrunk } from './shrunk.js';
import { MOST_EVENTS, tailThatShows } from './tailThatShows.js';

const array: Check = { expected: 'an array of records', allows: Array.isArray };

/**
 * Turns a recording into a marble test, as the text of a TypeScript test file. The test fails until the gap, the stall or the
 * failure is fixed (promise Y3: a recording becomes a test).
 *
 *     recorded   5,000 events, 4 subscribers   chart drops one
 *     test       3 events, chart alone         'a--b-c': it fails, and shows when
 *
 * The test reproduces the first incident that `options` select, with the events that were sent before it: at most the last 8,192,
 * and earlier ones whose work failed or did not end. In virtual time, the work on each event takes as long as recorded. Then events
 * and other subscribers are removed while the incident still reproduces.
 *
 * Throws `IncidentError` if there is no such incident, if it does not reproduce in virtual time, if the subscriber received replayed
 * events, or if records are out of order. Throws `DecodeError` if a value is not a record, and `OptionError`.
 *
 * @param records - All records of a recording, in order.
 * @param options - Which incident to reproduce. Default: the first one.
 * @example
 * ```ts
 * recordedIn('incident.jsonl')
 *   .pipe(
 *     toArray(),
 *     map(records => marbleTestOf(records)),
 *   )
 *   .subscribe(test => console.log(test));
 * ```
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export const marbleTestOf = (
  records: readonly InspectRecord[],
  options: {
    /** What went wrong. Default: any. */
    readonly symptom?: 'gap' | 'stall' | 'failure';
    /** The name of the affected subscriber. Default: any. */
    readonly subscriber?: string;
    /** The name of the broker or operator. Default: any. */
    readonly broker?: string;
  } = {},
): string => {
  checkOption('records', records, needed(array));
  const symptoms: Record<Symptom, true> = { gap: true, stall: true, failure: true };
  const which = checkOptions('marbleTestOf', options, {
    symptom: choice(...Object.keys(symptoms)),
    subscriber: text,
    broker: text,
  });
  const incident = incidentIn(inOrder(records), which);
  const { symptom, who, events } = incident;
  const tail = tailThatShows(incident, shows);
  if (tail === undefined) {
    const sent = events.length > MOST_EVENTS ? `last ${MOST_EVENTS}` : events.length;
    throw new IncidentError(
      `the ${symptom} of ${who} does not show again in virtual time with the ${sent} events of the recording`,
    );
  }
  return printed(shrunk(tail, shows), events.length);
};
