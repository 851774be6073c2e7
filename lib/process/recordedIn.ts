import { createReadStream } from 'node:fs';
import { defer, from, type Observable } from 'rxjs';
import { DecodeError } from '../event/DecodeError.js';
import { checkOption, needed, text } from '../flow/contract/options.js';
import { decodeRecord } from '../inspect/decodeRecord.js';
import type { InspectRecord } from '../inspect/InspectRecord.js';

/** The longest line that is read, in characters. */
const MAX_LINE = 1024 ** 2;

/**
 * Reads the records that `recordTo` wrote, in their order (promise Y2). Cold: the file is opened when the result is subscribed
 * to, and closed at the end.
 *
 * Emits the records before the first invalid line, then errors with `DecodeError`, which has the number of that line. Errors
 * with Node's own error if the file cannot be read. Throws `OptionError`.
 *
 * @param file - The path of the file.
 * @example
 * ```ts
 * recordedIn('incident.jsonl')
 *   .pipe(filter(({ kind }) => kind === 'dropped'))
 *   .subscribe(({ at, subscriber }) => console.log(at, subscriber?.name));
 * ```
 * @see node_modules/rx-event-broker/docs/finding-what-is-stuck.md
 */
export const recordedIn = (file: string): Observable<InspectRecord> => {
  checkOption('file', file, needed(text));
  return defer(() => from(recordsOf(file)));
};

async function* recordsOf(file: string): AsyncGenerator<InspectRecord> {
  let lineNr = 0;
  for await (const line of linesOf(file)) {
    const record = decodeRecord(line, ++lineNr);
    if (record._tag === 'Left') throw record.left;
    yield record.right;
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  let lineNr = 1;
  for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    lineNr += lines.length;
    yield* lines;
    if (rest.length > MAX_LINE)
      throw new DecodeError({ path: `line ${lineNr}`, expected: 'a line of at most 1 MiB', found: 'a longer one' });
  }
  if (rest !== '') yield rest;
}
