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
 * Makes a marble test of a recording: the text of a test file in TypeScript, which fails as long as the gap, the stall or the
 * failure is there (promise Y3).
 *
 *     recorded   5,000 events, 4 subscribers   chart drops one
 *     test       3 events, chart alone         'a--b-c': it fails, and shows when
 *
 * It takes the first one in the records that `options` allow, with what had been sent until then: at most the last 8,192 events,
 * and those whose work failed or did not end. In virtual time the work on each event takes as long as it did. Then it takes out
 * events and other subscribers, as long as the incident still shows.
 *
 * Throws `IncidentError` if nothing went wrong, if it does not go wrong again in virtual time, if the subscriber got replayed
 * events, or if records are not in order; `DecodeError` for a value that is no record; and `OptionError`.
 *
 * @param records - All of a recording, in order.
 * @param options - `symptom`: `'gap'`, `'stall'` or `'failure'`; `subscriber` and `broker`: their names. Default: whichever comes
 * first.
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
    /** What went wrong. Default: whatever comes first. */
    readonly symptom?: 'gap' | 'stall' | 'failure';
    /** The name of the subscriber that it happened to. Default: any. */
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
