// The source beside a bare pull loop and the client's ordered consumer, over the same connection and the same stream: 300-byte
// messages with the ids of the sink, one server of this program's own, in turns. `--gib N`: reads N GiB through the source and shows the heap on the way.
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { jetstream, jetstreamManager, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { BehaviorSubject, NEVER } from 'rxjs';
import type { PositionStore } from '../../../lib/index.js';
import { messageIdOf } from '../../../lib/nats/messageId.js';
import { jetStreamSource } from '../../../lib/nats.js';
import { natsBinary } from '../../nats/natsBinary.js';
import { connectTo, startServer } from '../../nats/natsServer.js';

const SIZE = 300;
const ROUNDS = 9;
const STREAM = 'BENCH';
const SUBJECT = 'bench.a';

/** Stores messages, without waiting for each. */
const fill = async (nc: NatsConnection, manager: JetStreamManager, count: number, size: number): Promise<void> => {
  const data = Buffer.alloc(size, 'x');
  for (let position = 1; position <= count; position++) {
    const h = headers();
    h.set('Nats-Msg-Id', messageIdOf(SUBJECT, position, data));
    nc.publish(SUBJECT, data, { headers: h });
    if (position % 2000 === 0) await nc.flush();
  }
  await nc.flush();
  for (;;) {
    const { state } = await manager.streams.info(STREAM);
    if (state.messages === count) return;
  }
};

interface Rate {
  /** Thousand messages a second. */
  readonly rate: number;
  /** Processor time of this process, in ns a message. */
  readonly cost: number;
}

/** Begins with the first message: opening a consumer is not measured. */
const measure = (count: number): (() => Rate) => {
  const [began, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return { rate: count / (performance.now() - began), cost: ((user + system) * 1000) / count };
  };
};

/** What the least code does: a consumer without acknowledgements, pulls of 1000, one after the other. */
const bare = async (nc: NatsConnection, count: number, round: number): Promise<Rate> => {
  const name = `bare-${round}`;
  await nc.request(
    `$JS.API.CONSUMER.CREATE.${STREAM}.${name}.${SUBJECT}`,
    JSON.stringify({
      stream_name: STREAM,
      action: 'create',
      config: { name, deliver_policy: 'all', ack_policy: 'none', mem_storage: true, filter_subject: SUBJECT },
    }),
  );
  let measured: (() => Rate) | undefined;
  await new Promise<void>(resolve => {
    let received = 0;
    let bytes = 0;
    let pulls = 0;
    const pull = (): void =>
      nc.publish(
        `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${name}`,
        JSON.stringify({ batch: 1000, max_bytes: 4_194_304, expires: 2e9, idle_heartbeat: 5e8 }),
        { reply: `_INBOX.bare.${round}.${++pulls}` },
      );
    const subscription = nc.subscribe(`_INBOX.bare.${round}.*`, {
      callback: (_: Error | null, message: Msg) => {
        // the server reports the end of each pull; to pull on that as well would leave ever more pulls open
        if (message.reply === '') return;
        measured ??= measure(count);
        bytes += message.data.length;
        received++;
        if (received === count) {
          subscription.unsubscribe();
          if (bytes !== count * SIZE) throw new Error('bytes are missing');
          resolve();
        } else if (received % 1000 === 0) pull();
      },
    });
    pull();
  });
  return measured!();
};

/** The nearest that the client has: its ordered consumer, which keeps pulls of 1000 open and checks no message. */
const ordered = async (nc: NatsConnection, count: number): Promise<Rate> => {
  let measured: (() => Rate) | undefined;
  const consumer = await jetstream(nc).consumers.get(STREAM, { filter_subjects: [SUBJECT] });
  await new Promise<void>((resolve, reject) => {
    let received = 0;
    let bytes = 0;
    const callback = (message: JsMsg): void => {
      measured ??= measure(count);
      bytes += message.data.length;
      received++;
      if (received !== count) return;
      void consuming.then(messages => messages.close());
      if (bytes === count * SIZE) resolve();
      else reject(new Error('bytes are missing'));
    };
    const consuming = consumer.consume({ max_messages: 1000, callback });
    consuming.catch(reject);
  });
  return measured!();
};

const memory = (): PositionStore => ({ read: async () => undefined, write: async () => undefined });

const through = async (
  nc: NatsConnection,
  count: number,
  options: { foreign?: 'accept'; each?: (n: number) => void } = {},
): Promise<Rate> => {
  const { foreign, each } = options;
  const source = jetStreamSource({ connection: nc, stream: STREAM, subject: SUBJECT, position: memory(), foreign });
  const settled$ = new BehaviorSubject(0);
  const settlement = { received: 0, settled: 0, settled$ };
  let measured: (() => Rate) | undefined;
  await new Promise<void>((resolve, reject) => {
    const subscription = source(NEVER, settlement).subscribe({
      next: () => {
        measured ??= measure(count);
        const n = ++settlement.received;
        settlement.settled = n;
        if (n % 100 === 0 || n === count) settled$.next(n);
        each?.(n);
        if (n === count) {
          setImmediate(() => subscription.unsubscribe());
          resolve();
        }
      },
      error: reject,
    });
  });
  return measured!();
};

const inWords = (values: readonly number[], digits = 0): string => {
  const sorted = [...values].sort((a, b) => a - b);
  const [median, least, most] = [sorted[sorted.length >> 1]!, sorted[0]!, sorted.at(-1)!];
  return `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
};

export const source = async (args: readonly string[]): Promise<void> => {
  const binary = natsBinary('npm run bench -- nats source');
  if (binary === undefined) return;
  const server = await startServer({ binary });
  const nc = await connectTo(server.url);
  const manager = await jetstreamManager(nc, { checkAPI: false });
  await manager.streams.add({ name: STREAM, subjects: ['bench.>'] });
  const gib = args.includes('--gib') ? Number(args[args.indexOf('--gib') + 1]) : 0;
  if (gib > 0) {
    const size = 10_000;
    const count = Math.ceil((gib * 2 ** 30) / size);
    await fill(nc, manager, count, size);
    const heaps: number[] = [];
    const each = (n: number): void => {
      if (n % Math.ceil(count / 10) !== 0) return;
      globalThis.gc?.();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      heaps.push((heapUsed + arrayBuffers) / 2 ** 20);
    };
    await through(nc, count, { each });
    console.log(`${gib} GiB in ${count} messages; heap and buffers, MiB: ${heaps.map(n => n.toFixed(0)).join(' ')}`);
  } else {
    const count = Number(args[0] ?? 100_000);
    await fill(nc, manager, count, SIZE);
    const rounds = { bare: [] as Rate[], ordered: [] as Rate[], source: [] as Rate[], foreign: [] as Rate[] };
    for (let round = 0; round < ROUNDS; round++) {
      rounds.bare.push(await bare(nc, count, round));
      rounds.ordered.push(await ordered(nc, count));
      rounds.source.push(await through(nc, count));
      rounds.foreign.push(await through(nc, count, { foreign: 'accept' }));
    }
    console.log(`messages of ${SIZE} bytes, ${ROUNDS} rounds in turns: median (least–most)`);
    for (const [name, rates] of Object.entries(rounds)) {
      const beside = rates.map(({ rate }, i) => rate / rounds.bare[i]!.rate);
      const [speed, cost] = [rates.map(({ rate }) => rate), rates.map(each => each.cost)];
      console.log(
        `${name.padEnd(8)} ${inWords(speed)} thousand a second, ${inWords(beside, 2)} of bare; ${inWords(cost)} ns of processor time each`,
      );
    }
  }
  await nc.close();
  await server.remove();
};
