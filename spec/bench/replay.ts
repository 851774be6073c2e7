// npm run bench -- replay [megabytes]: the whole way from files to subscribers, against protobufjs decoding alone.
//
// Ours is the demo's first branch with synchronous subscribers: files, records, deserialize, verifyChain, verifySequence,
// a fan-out, a broker with a ledger, a chart, a log that can be paused, a batcher; then the same with a second branch.
// Theirs is `decode` (reflection) in a loop over messages that lie in memory already. Rounds alternate; a ratio is that of one round.
//
// The recorded events are repeated as one chain: heights go on from copy to copy, and only the first has its first block twice.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Reader, type Type } from 'protobufjs';
import { lastValueFrom, merge, NEVER, tap } from 'rxjs';
import { batchUntil, deserialize, eventBroker, fanOut, verifyChain, verifySequence } from '../../lib/index.js';
import { bufferFiles } from '../../lib/node.js';
import { blockOf, vegaDecoder, type VegaEvent } from '../../lib/vega.js';
import { envelopeType, wholeType } from '../vega/schema.js';

const rounds = 9;
const megabytes = Number(process.argv[3] ?? 100);

const packed = readFileSync(join(import.meta.dirname, '../../../shared/recorded-events/system_tests.evt.gz'));
const recording = gunzipSync(packed);

/** The height, and the text after it, of a message whose first field is its id. */
const idOf = (message: Uint8Array): { readonly height: number; readonly rest: string } => {
  const id = Buffer.from(message.subarray(2, 2 + message[1]!)).toString('latin1');
  const dash = id.indexOf('-');
  return { height: Number(id.slice(0, dash)), rest: id.slice(dash) };
};

const moved = (message: Uint8Array, by: number): Uint8Array => {
  const { height, rest } = idOf(message);
  const id = Buffer.from(`${height + by}${rest}`, 'latin1');
  return Buffer.concat([Buffer.from([0x0a, id.length]), id, message.subarray(2 + message[1]!)]);
};

const once: Uint8Array[] = [];
for (let at = 0; at < recording.length; at += 4 + recording.readUInt32BE(at)) {
  once.push(recording.subarray(at + 12, at + 4 + recording.readUInt32BE(at)));
}
const heights = idOf(once.at(-1)!).height;
const secondFirst = once.findIndex((message, index) => index > 0 && idOf(message).rest === '-1');

const records: Uint8Array[] = [];
let events = 0;
let bytes = 0;
for (let copy = 0; bytes < megabytes * 1e6; copy++) {
  for (const message of once.slice(copy === 0 ? 0 : secondFirst)) {
    const record = moved(message, copy * heights);
    const header = Buffer.alloc(12);
    header.writeUInt32BE(8 + record.length, 0);
    header.writeBigUInt64BE(BigInt(events++), 4);
    records.push(header, record);
    bytes += 12 + record.length;
  }
}
const file = Buffer.concat(records);
records.length = 0;

const directory = mkdtempSync(join(tmpdir(), 'bench-replay-'));
writeFileSync(join(directory, 'repeated.evt'), file);

let sink = 0;

const ours = (expectedSubscribers: 1 | 2) => async (): Promise<void> => {
  const branches = fanOut<VegaEvent>(
    pause$ =>
      bufferFiles({ directory, blockOf, pause$ }).pipe(
        deserialize(vegaDecoder),
        verifyChain('testnet-001'),
        verifySequence(),
      ),
    { expectedSubscribers },
  );
  const broker = eventBroker<VegaEvent>({ unlisted: ['TxError'] });
  let logged = 0;
  broker.subscribe({
    name: 'ledger',
    required: true,
    types: ['Trade', 'EndBlock'],
    next: event => {
      sink += event.type === 'Trade' ? Number(event.payload.size) : event.payload.height;
    },
  });
  broker.subscribe({
    name: 'chart',
    required: false,
    types: ['MarketData'],
    next: event => {
      sink += event.payload.markPrice.length;
    },
  });
  broker.subscribe({
    name: 'log',
    required: true,
    skip$: NEVER,
    next: () => {
      logged++;
    },
  });
  const batches$ = broker.stream({ name: 'batcher', required: false, types: ['Order', 'TimeUpdate'] }).pipe(
    batchUntil('TimeUpdate'),
    tap(batch => {
      sink += batch.length;
    }),
  );
  batches$.subscribe();
  const other$ = branches(NEVER).pipe(
    tap(event => {
      sink += event.sequence;
    }),
  );
  const first$ = broker.receive(branches);
  await lastValueFrom(expectedSubscribers === 1 ? first$ : merge(other$, first$));
  const { unrouted } = broker.snapshot();
  broker.close();
  if (logged + unrouted !== events) throw new Error(`${events} events, ${logged + unrouted} got there`);
};

const theirs = (type: Type) => (): void => {
  const reader = Reader.create(file);
  for (let at = 0; at < file.length;) {
    const size = file.readUInt32BE(at) - 8;
    reader.pos = at + 12;
    const event = type.decode(reader, size) as unknown as { readonly id: string; readonly type: number };
    sink += event.id.length + event.type;
    at += 12 + size;
  }
};

/** In ms: on the clock, and of processors, which tells more on a machine that has other things to do. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

const costOf = async (run: () => Promise<void> | void): Promise<Cost> => {
  const used = process.cpuUsage();
  const began = performance.now();
  await run();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(used);
  return { wall, cpu: (user + system) / 1000 };
};

const sorted = (numbers: readonly number[]): readonly number[] => [...numbers].sort((one, other) => one - other);
const median = (numbers: readonly number[]): number => sorted(numbers)[numbers.length >> 1]!;

try {
  const runs = {
    'files to subscribers': ours(1),
    'and a second branch': ours(2),
    'protobufjs, with its payload': theirs(wholeType),
    'protobufjs, envelope only': theirs(envelopeType),
  };
  const names = Object.keys(runs);
  const costs: (readonly Cost[])[] = [];
  for (let round = -1; round < rounds; round++) {
    const each: Cost[] = [];
    for (const run of Object.values(runs)) each.push(await costOf(run));
    if (round >= 0) costs.push(each); // the first round warms up
  }
  if (sink === 0) throw new Error('nothing was read');
  console.log(`${events} events, ${(bytes / 1e6).toFixed(0)} MB, ${rounds} rounds, Node ${process.version}`);
  const ratios = (of: number, to: number, by: keyof Cost): readonly number[] =>
    sorted(costs.map(each => each[to]![by] / each[of]![by]));
  for (const by of ['wall', 'cpu'] as const) {
    console.log(`${by} time, ns an event; how many times as fast as protobufjs decoding whole events`);
    names.forEach((name, i) => {
      const perEvent = (median(costs.map(each => each[i]![by])) * 1e6) / events;
      const times = ratios(i, 2, by);
      const [least, most] = [times[0]!.toFixed(2), times.at(-1)!.toFixed(2)];
      console.log(
        `  ${name.padEnd(30)} ${perEvent.toFixed(0).padStart(6)}   ${median(times).toFixed(2)} (${least} to ${most})`,
      );
    });
  }
  console.log('goal: files to subscribers at least 1 time as fast');
  if (!(median(ratios(0, 2, 'cpu')) >= 1)) process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true });
}
