// 3. A big CSV file to slow HTTP uploads, in flat memory. No broker.
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { lastValueFrom, count, timer } from 'rxjs';
import { backpressure, fromPull } from 'rx-event-broker';

interface Row {
  readonly id: string;
  readonly amount: string;
}

const rows = (path: string): AsyncIterable<Row> => createReadStream(path).pipe(parse({ columns: true }));

const upload = async (row: Row): Promise<number> => {
  const response = await fetch('https://example.test/rows', { method: 'POST', body: JSON.stringify(row) });
  if (!response.ok) throw new Error(`row ${row.id}: ${response.status}`);
  return response.status;
};

const uploaded = await lastValueFrom(
  backpressure(pause$ => fromPull(() => rows('big.csv'), { pause$ }), {
    required: true,
    highWaterMark: 16,
    project: row => upload(row),
    retry: { count: 3, delay: (_, n) => timer(100 * 2 ** n) },
    onFailure: 'stop',
  }).pipe(count()),
);
console.log(`${uploaded} rows`);
