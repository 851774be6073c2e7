// npm run bench -- natsSink [MESSAGES] [ROUNDS]: a sink beside a bare window of publishes with ids, 300-byte messages, in turns.
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { lastValueFrom } from 'rxjs';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import { jetStreamSink } from '../../lib/nats/sink/jetStreamSink.js';
import { natsBinary } from '../nats/natsBinary.js';
import { connectTo, startServer } from '../nats/natsServer.js';

const messages = Number(process.argv[3] ?? 30_000);
const rounds = Number(process.argv[4] ?? 5);
const WINDOW = 256;
const data = new Uint8Array(300);

const binary = natsBinary('npm run bench -- natsSink');
if (binary === undefined) process.exit();
const server = await startServer({ binary });
const connection = await connectTo(server.url);
const manager = await jetstreamManager(connection);
for (const name of ['bare', 'stream', 'subject'])
  await manager.streams.add({ name, subjects: [`${name}.>`], max_msgs: 200_000 });
const js = jetstream(connection);

const bare = (round: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let open = 0;
    let sent = 0;
    const pump = (): void => {
      while (open < WINDOW && sent < messages) {
        open++;
        js.publish('bare.0', data, { msgID: `bare.0/${round}/${sent++}` }).then(() => {
          open--;
          if (sent === messages && open === 0) resolve();
          else pump();
        }, reject);
      }
    };
    pump();
  });

const throughSink = async (writer: 'stream' | 'subject', subjects: number): Promise<void> => {
  const sink = jetStreamSink<number>({
    connection,
    js,
    stream: writer,
    writer,
    window: WINDOW,
    subjectOf: n => `${writer}.${n % subjects}`,
    encode: () => data,
  });
  const numbers = function* () {
    for (let n = 0; n < messages; n++) yield n;
  };
  await lastValueFrom(sink.publish(pause$ => fromPull(numbers, { pause$ })));
};

const rows: Record<string, (round: number) => Promise<void>> = {
  bare,
  'sink, one subject': () => throughSink('stream', 1),
  "sink, writer: 'subject', 512 subjects": () => throughSink('subject', 512),
  "sink, writer: 'subject', one subject": () => throughSink('subject', 1),
};
const found = new Map<string, { readonly rate: number; readonly cpu: number; readonly heap: number }[]>();
for (let round = -1; round < rounds; round++) {
  for (const [name, run] of Object.entries(rows)) {
    const cpu = process.cpuUsage();
    const begun = performance.now();
    await run(round);
    const ms = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed / 2 ** 20;
    // the first round warms up
    if (round < 0) found.set(name, []);
    else found.get(name)!.push({ rate: messages / ms, cpu: (user + system) / messages, heap });
  }
}
const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const first = middle(found.get('bare')!.map(({ rate }) => rate));
for (const [name, runs] of found) {
  const rates = runs.map(({ rate }) => rate);
  console.log(
    `${name}: ${middle(rates).toFixed(1)} thousand a second (${Math.min(...rates).toFixed(1)} to ${Math.max(...rates).toFixed(1)}), ` +
      `${(middle(rates) / first).toFixed(2)} of bare; ${middle(runs.map(({ cpu }) => cpu)).toFixed(0)} µs of CPU each; ` +
      `heap ${runs.map(({ heap }) => heap.toFixed(1)).join(', ')} MiB`,
  );
}
await connection.close();
await server.remove();
