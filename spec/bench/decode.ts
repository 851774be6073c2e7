// npm run bench -- decode [megabytes]: this decoder against protobufjs (reflection), on the recorded events repeated to some 100 MB.
//
// Rounds alternate, so that both meet the same noise; a ratio is that of one round, and the median of the rounds counts. Goals: type
// and position of every event ≥ 5 ×, all fields of the envelope ≥ 1.3 × what protobufjs needs for the envelope alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isRight } from 'fp-ts/lib/Either.js';
import protobuf from 'protobufjs';
import { vegaDecoder, type VegaEvent } from '../../lib/vega.js';

const rounds = 9;
const megabytes = Number(process.argv[3] ?? 100);

const recording = gunzipSync(
  readFileSync(join(import.meta.dirname, '../../../shared/recorded-events/system_tests.evt.gz')),
);

/** The messages of as many copies of the recording as make up the size, in chunks as a file source reads them. */
const messages: Uint8Array[] = [];
let bytes = 0;
while (bytes < megabytes * 1e6) {
  const copy = new Uint8Array(recording);
  for (let at = 0; at < copy.length; at += 4 + recording.readUInt32BE(at)) {
    messages.push(copy.subarray(at + 12, at + 4 + recording.readUInt32BE(at)));
  }
  bytes += copy.length;
}

const { root } = protobuf.parse(`syntax = "proto3"; message BusEvent {
  string id = 1; string block = 2; int32 type = 3; uint32 version = 4; string chain_id = 5; string tx_hash = 6; }`);
const envelope = root.lookupType('BusEvent');

const decoded = (message: Uint8Array): VegaEvent => {
  const result = vegaDecoder.decode(message);
  if (isRight(result)) return result.right;
  throw result.left;
};

// What was read goes into a number, so that no engine can leave the reading out.
const position = (event: VegaEvent): number => event.blockNr + event.sequence + event.type.length;
const all = (event: VegaEvent): number =>
  position(event) + event.traceId.length + event.chainId.length + event.txHash.length + event.compositeCount;

const contestants: Readonly<Record<string, (message: Uint8Array) => number>> = {
  'protobufjs, envelope': message => {
    const event = envelope.decode(message) as unknown as { readonly id: string; readonly type: number };
    return event.id.length + event.type;
  },
  'type and position': message => position(decoded(message)),
  'all envelope fields': message => all(decoded(message)),
  'envelope and payload': message => {
    const event = decoded(message);
    return all(event) + (typeof event.payload === 'object' ? 1 : 0);
  },
};

let sink = 0;
const timed = (read: (message: Uint8Array) => number): number => {
  const began = performance.now();
  for (const message of messages) sink += read(message);
  return performance.now() - began;
};

const times = new Map<string, number[]>(Object.keys(contestants).map(name => [name, []]));
for (let round = -1; round < rounds; round++) {
  for (const [name, read] of Object.entries(contestants)) {
    const time = timed(read);
    if (round >= 0) times.get(name)!.push(time); // the first round warms up
  }
}

const sorted = (numbers: readonly number[]): readonly number[] => [...numbers].sort((one, other) => one - other);
const theirs = times.get('protobufjs, envelope')!;
console.log(`${messages.length} events, ${(bytes / 1e6).toFixed(0)} MB, ${rounds} rounds, Node ${process.version}`);
console.log('ratio to protobufjs: median (min to max)');
for (const [name, ours] of times) {
  const ratios = sorted(ours.map((time, round) => theirs[round]! / time));
  const ns = (sorted(ours)[rounds >> 1]! * 1e6) / messages.length;
  const [median, min, max] = [ratios[rounds >> 1]!, ratios[0]!, ratios.at(-1)!].map(ratio => ratio.toFixed(2));
  console.log(`${name.padEnd(22)} ${median} (${min} to ${max})   ${ns.toFixed(0)} ns an event`);
}
if (Number.isNaN(sink)) throw new Error('nothing was read');
