// A simulated market ──► one stream, a subject for each partition. After a restart, it continues where the stream ends.
import { jetstream } from '@nats-io/jetstream';
import { ignoreElements, lastValueFrom } from 'rxjs';
import { fromPull } from 'rx-event-broker';
import { jetStreamSink } from 'rx-event-broker/nats';
import { encodeEvent } from 'rx-event-broker/vega';
import { marketRun } from '../market/index.js';
import { PREFIX, STREAM } from './cluster.js';
import { connectTo } from './natsServer.js';
import { type Placed, place } from './place.js';

const [url = '', blocks, partitions] = process.argv.slice(2);
const connection = await connectTo(url);
const sink = jetStreamSink<Placed>({
  connection,
  js: jetstream(connection),
  stream: STREAM,
  subjectOf: ({ partition }) => `${PREFIX}.${partition}`,
  encode: ({ event }) => encodeEvent(event),
  placeOf: ({ place }) => place + 1,
  notices: { next: notice => console.error(notice) },
});
const placed = () => place(marketRun({ seed: 1, blocks: Number(blocks) }).events, Number(partitions));
const published$ = sink.publish(pause$ => fromPull(placed, { pause$ })).pipe(ignoreElements());
await lastValueFrom(published$, { defaultValue: undefined });
await connection.close();
console.log(`the core has published ${blocks} blocks`);
