// Prints a marble test of what went wrong in a recording of `recordTo`:
//
//     npm run incident -- incident.jsonl > incident.spec.ts
//     npm run incident -- incident.jsonl gap chart
//
// Look for: the events that are left, and how the test fails until the cause is gone.
import { lastValueFrom, toArray } from 'rxjs';
import { recordedIn } from 'rx-event-broker/node';
import { marbleTestOf } from 'rx-event-broker/testing';

interface Output {
  write(text: string): unknown;
}

const USAGE = `npm run incident -- FILE [gap | stall | failure] [SUBSCRIBER]

Prints a marble test of the first gap, stall or failure in a recording.
`;

const SYMPTOMS = ['gap', 'stall', 'failure'] as const;

/** Returns the exit code: 0; 1 if no test can be made of the file; 2 if the arguments are wrong. */
export const main = async (args: readonly string[], out: Output, err: Output): Promise<number> => {
  const [file, symptom, subscriber, ...more] = args;
  const known = SYMPTOMS.find(one => one === symptom);
  if (file === undefined || file.startsWith('-') || (symptom !== undefined && known === undefined) || more.length > 0) {
    err.write(USAGE);
    return 2;
  }
  try {
    const records = await lastValueFrom(recordedIn(file).pipe(toArray()), { defaultValue: [] });
    const which = { ...(known && { symptom: known }), ...(subscriber === undefined ? {} : { subscriber }) };
    out.write(marbleTestOf(records, which));
    return 0;
  } catch (error) {
    err.write(`${file}: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
};
