import { beforeAll, describe, expect, test } from '@jest/globals';
import { isRight } from 'fp-ts/lib/Either.js';
import { blockMark, blockOf, encodeEvent, vegaDecoder, type VegaEvent } from '../../lib/vega.js';
import {
  comparable,
  envelopeType,
  isRecordingThere,
  recordedMessages,
  reference,
  withCodec,
  type WithCodec,
} from './reference.js';

const expected = {
  BeginBlock: 1088,
  TimeUpdate: 1088,
  EndBlock: 1088,
  MarketData: 867,
  MarketTick: 761,
  Account: 233,
  Order: 52,
  Trade: 4,
  EpochUpdate: 221,
  SnapshotTaken: 50,
  TxError: 1,
};

// A call of expect costs more than a comparison, so it is made only if it will fail.
const print = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one));

if (!isRecordingThere && process.env['CI'] !== 'true') {
  console.warn('skipped: ../shared/recorded-events is not there');
}

(isRecordingThere || process.env['CI'] === 'true' ? describe : describe.skip)('the recorded events', () => {
  let messages: readonly Uint8Array[] = [];
  let events: readonly VegaEvent[] = [];
  beforeAll(() => {
    messages = recordedMessages();
    events = messages.map(message => {
      const result = vegaDecoder.decode(message);
      if (!isRight(result)) throw result.left;
      return result.right;
    });
  });

  test('E3 are all decoded, and of 44 types', () => {
    const counts: Record<string, number> = {};
    for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
    expect(events).toHaveLength(6964);
    expect(Object.keys(counts)).toHaveLength(44);
    expect(counts).toMatchObject(expected);
  });

  test('E4 have the envelope that protobufjs reads', () => {
    events.forEach((event, index) => {
      const read = envelopeType.toObject(envelopeType.decode(messages[index]!), { defaults: true });
      const { blockNr, sequence, traceId, chainId, txHash } = event;
      const ours = [`${blockNr}-${sequence}`, traceId, chainId, txHash];
      const theirs = ['id', 'block', 'chainId', 'txHash'].map(field => read[field] as unknown);
      if (print(ours) !== print(theirs)) expect(ours).toEqual(theirs);
    });
  });

  test('E4 have the payload that protobufjs reads, in every field of every known message', () => {
    const seen = new Set<string>();
    events.forEach((event, index) => {
      const field = withCodec[event.type as WithCodec] as readonly [number, number] | undefined;
      if (field === undefined) {
        expect(ArrayBuffer.isView(event.payload)).toBe(true);
        return;
      }
      seen.add(event.type);
      const ours = comparable(event.payload);
      const theirs = reference(event.type, payloadBytes(messages[index]!));
      if (print(ours) !== print(theirs)) expect(ours).toEqual(theirs);
    });
    expect(seen.size).toBe(12);
  });

  test('are encoded to the same bytes, if no field is unknown here', () => {
    const same = events.filter((event, index) => {
      const written = encodeEvent(event);
      return written.length === messages[index]!.length && written.every((byte, at) => byte === messages[index]![at]);
    });
    expect(same).toHaveLength(6071);
    expect(new Set(events.filter(event => !same.includes(event)).map(({ type }) => type)).size).toBeLessThan(6);
  });

  test('R3, D5 blockOf finds their block and its begin without decoding them', () => {
    events.forEach((event, index) => {
      const { block, begins } = blockOf(messages[index]!);
      if (block !== event.traceId.toLowerCase()) expect(block).toBe(event.traceId.toLowerCase());
      if (begins !== (event.type === 'BeginBlock')) expect(begins).toBe(!begins);
    });
  });

  test('S1d have block marks: begin and end around each block, the first height twice', () => {
    const marks = events.map(blockMark);
    const begins = marks.filter(({ kind }) => kind === 'begin');
    expect(begins).toHaveLength(1088);
    expect([begins[0]?.height, begins[1]?.height, begins[2]?.height, begins.at(-1)?.height]).toEqual([1, 1, 2, 1087]);
    expect(begins[0]?.time).toBe(begins[1]?.time);
    expect(begins[0]?.hash).not.toBe(begins[1]?.hash);
    expect(begins.every(({ time }) => time !== undefined && time % 1000n === 0n)).toBe(true);
    expect(marks.filter(({ kind }) => kind === 'end')).toHaveLength(1088);
    expect(marks.filter(({ kind }) => kind === 'epoch')).toHaveLength(221);
    expect(marks.filter(({ kind }) => kind === 'snapshot' || kind === 'upgradeSnapshot')).toHaveLength(50);
    expect(new Set(marks.map(({ chainId }) => chainId))).toEqual(new Set(['testnet-001']));
  });
});

/** The payload is the last field of every recorded message: found from the front by hand. */
const payloadBytes = (message: Uint8Array): Uint8Array => {
  const varint = (at: number): [number, number] => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return [value, at];
    }
  };
  let at = 0;
  for (;;) {
    const [tag, afterTag] = varint(at);
    const [value, afterValue] = varint(afterTag);
    const isContent = tag % 8 === 2;
    if (tag >>> 3 > 100) return message.subarray(afterValue, afterValue + value);
    at = isContent ? afterValue + value : afterValue;
  }
};
