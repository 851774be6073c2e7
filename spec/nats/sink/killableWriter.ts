// A program that publishes 1 to N through a sink, and says on a line which values are confirmed, for its parent to kill it.
//   node child.mjs URL STREAM SUBJECT FROM TO WRITER
// A source gives again what was not settled: FROM is the first value that its parent did not see confirmed.
import { writeSync } from 'node:fs';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { fromPull } from '../../../lib/flow/pull/fromPull.js';
import { jetStreamSink } from '../../../lib/nats/sink/jetStreamSink.js';

const [url, stream, subject, from, to, writer] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  'stream',
];
const connection = await connect({ servers: url });
const sink = jetStreamSink<number>({
  connection,
  js: jetstream(connection),
  stream,
  writer,
  subjectOf: n => `${subject}.${n % 3}`,
  encode: n => new TextEncoder().encode(String(n)),
  placeOf: n => n,
});
const values = function* () {
  for (let n = Number(from); n <= Number(to); n++) yield n;
};
sink
  .publish(pause$ => fromPull(values, { pause$ }))
  .subscribe({
    next: ({ value }) => writeSync(1, `${value}\n`),
    error: (error: unknown) => {
      writeSync(2, `${String(error)}\n`);
      process.exit(3);
    },
    complete: () => void connection.close(),
  });
