// npm run bench -- nats sink [MESSAGES] [ROUNDS]: a sink beside bare windows of publishes with ids, 300-byte messages, one server of
// this program's own, in turns.
import { jetstream, jetstreamManager, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { lastValueFrom } from 'rxjs';
import { fromPull } from '../../../lib/flow/pull/fromPull.js';
import { jetStreamSink } from '../../../lib/nats/sink/jetStreamSink.js';
import { natsBinary } from '../../nats/natsBinary.js';
import { connectTo, startServer } from '../../nats/natsServer.js';

const SIZE = 300;
const WINDOW = 256;
const data = new Uint8Array(SIZE);

/** What the least code does: publishes with ids, so many in flight. */
const bare = (js: JetStreamClient, messages: number, window: number, run: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let open = 0;
    let sent = 0;
    const pump = (): void => {
      while (open < window && sent < messages) {
        open++;
        js.publish('bare.0', data, { msgID: `bare.0/${run}/${sent++}` }).then(() => {
          open--;
          if (sent === messages && open === 0) resolve();
          else pump();
        }, reject);
      }
    };
    pump();
  });

const throughSink = async (
  connection: NatsConnection,
  messages: number,
  writer: 'stream' | 'subject',
  subjects: number,
): Promise<void> => {
  const sink = jetStreamSink<number>({
    connection,
    js: jetstream(connection),
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

const inWords = (values: readonly number[], digits: number): string => {
  const sorted = [...values].sort((a, b) => a - b);
  const [median, least, most] = [sorted[sorted.length >> 1]!, sorted[0]!, sorted.at(-1)!];
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
};

export const sink = async (args: readonly string[]): Promise<void> => {
  const binary = natsBinary('npm run bench -- nats sink');
  if (binary === undefined) return;
  const [messages, rounds] = [Number(args[0] ?? 30_000), Number(args[1] ?? 5)];
  const server = await startServer({ binary });
  const connection = await connectTo(server.url);
  const manager = await jetstreamManager(connection);
  for (const name of ['bare', 'stream', 'subject'])
    await manager.streams.add({ name, subjects: [`${name}.>`], max_msgs: 200_000 });
  const js = jetstream(connection);
  const rows: Record<string, (round: number) => Promise<void>> = {
    [`bare, ${WINDOW} in flight`]: round => bare(js, messages, WINDOW, `${round}/${WINDOW}`),
    'bare, 1 in flight': round => bare(js, messages, 1, `${round}/1`),
    sink: () => throughSink(connection, messages, 'stream', 1),
    ...Object.fromEntries(
      [512, 16, 4, 1].map(n => [
        `sink, writer: 'subject', ${n} subjects`,
        () => throughSink(connection, messages, 'subject', n),
      ]),
    ),
  };
  const found = new Map<string, { readonly rate: number; readonly cost: number; readonly heap: number }[]>();
  for (const name of Object.keys(rows)) found.set(name, []);
  // the first round warms up
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(rows)) {
      const [began, used] = [performance.now(), process.cpuUsage()];
      await run(round);
      const ms = performance.now() - began;
      const { user, system } = process.cpuUsage(used);
      globalThis.gc?.();
      const heap = process.memoryUsage().heapUsed / 2 ** 20;
      if (round >= 0) found.get(name)!.push({ rate: messages / ms, cost: (user + system) / messages, heap });
    }
  }
  const [first] = found.values();
  console.log(`messages of ${SIZE} bytes, ${rounds} rounds in turns: median (least–most)`);
  for (const [name, runs] of found) {
    const beside = runs.map(({ rate }, i) => rate / first![i]!.rate);
    const of = (what: 'rate' | 'cost' | 'heap', digits: number): string =>
      inWords(
        runs.map(run => run[what]),
        digits,
      );
    console.log(
      `${name.padEnd(38)} ${of('rate', 1)} thousand a second, ${inWords(beside, 2)} of bare; ` +
        `${of('cost', 0)} µs of processor time each; heap ${of('heap', 1)} MiB`,
    );
  }
  await connection.close();
  await server.remove();
};
