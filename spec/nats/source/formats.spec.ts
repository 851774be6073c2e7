import { describe, expect, test } from '@jest/globals';
import { crc32 } from 'node:zlib';
import { ConsumerReply } from '../../../lib/nats/source/ConsumerReply.js';
import { RawMessageId } from '../../../lib/nats/source/RawMessageId.js';
import { placeFromText, placeToText } from '../../../lib/nats/position/StreamPlace.js';
import { messageIdOf } from '../../../lib/nats/messageId.js';

const read = (reply: string) => {
  const at = new ConsumerReply();
  return at.read(reply) ? [at.sequence, at.delivery, at.time] : undefined;
};

describe('J2 reply subjects', () => {
  test.each([
    ['$JS.ACK.S.reader-1.1.7.3.1795926245123456789.0', [7, 3, 1795926245123]],
    [
      '$JS.ACK.hub.aBcD.S.reader-1.1.9007199254740990.12.1795926245000000001.5.xY',
      [9007199254740990, 12, 1795926245000],
    ],
    ['$JS.ACK._.aBcD.S.reader-1.1.7.3.1795926245123456789.0', [7, 3, 1795926245123]],
    ['_INBOX.abc.1', undefined],
    ['$JS.ACK.S.reader-1.1.7', undefined],
    ['$JS.ACK.S.reader-1.1.x.3.1795926245123456789.0', undefined],
    ['$JS.ACK.S.reader-1.1.7..1795926245123456789.0', undefined],
    ['', undefined],
  ])('J2a "%s"', (reply, expected) => {
    expect(read(reply)).toEqual(expected);
  });

  test('J2a one object reads many, of one consumer', () => {
    const at = new ConsumerReply();
    for (const n of [1, 10, 999]) {
      expect(at.read(`$JS.ACK.S.reader-1.1.${n}.${n + 1}.1795926245123456789.0`)).toBe(true);
      expect([at.sequence, at.delivery]).toEqual([n, n + 1]);
    }
    expect(at.read('$JS.ACK.S.reader-1.1.5')).toBe(false);
    expect(at.read('$JS.ACK.S.reader-10.1.1000.1001.1795926245123456789.0')).toBe(false);
    expect(at.read('_INBOX.abc.1')).toBe(false);
  });

  test.each([
    ['before September 2001', '999999999123456789', 999_999_999_123],
    ['after November 2286', '10000000000123456789', 10_000_000_000_123],
  ])('J2a a time %s', (_, nanoseconds, expected) => {
    expect(read(`$JS.ACK.S.reader-1.1.7.3.${nanoseconds}.0`)).toEqual([7, 3, expected]);
  });
});

describe('J11 ids in the bytes before the data', () => {
  const data = new TextEncoder().encode('the data');
  /** The data behind a header block, as the clients hand it out. */
  const behind = (headers: string, junk = ''): Uint8Array => {
    const head = new TextEncoder().encode(`${junk}NATS/1.0\r\n${headers}\r\n`);
    const whole = new Uint8Array([...head, ...data]);
    return whole.subarray(head.length);
  };
  const id = messageIdOf('s.a', 12, data);
  const place = messageIdOf('s.a', 12, data, 5n);

  test.each([
    ['alone', `Nats-Msg-Id: ${id}\r\n`, 12],
    ['with a place', `Nats-Msg-Id: ${place}\r\n`, 12],
    ['among others', `A: b\r\nNats-Msg-Id: ${id}\r\nZ: y\r\n`, 12],
    ['without a space', `Nats-Msg-Id:${id}\r\n`, undefined],
    ['unfinished', 'Nats-Msg-Id: s.a/12', undefined],
    ['of another subject', `Nats-Msg-Id: ${messageIdOf('s.ab', 12, data)}\r\n`, undefined],
    ['cut off', `Nats-Msg-Id: ${id.slice(0, -1)}\r\n`, undefined],
    ['with more after it', `Nats-Msg-Id: ${id}0\r\n`, undefined],
    ['with a position of 0', 'Nats-Msg-Id: s.a/0/00000000\r\n', undefined],
    ['with capital letters', `Nats-Msg-Id: ${id.toUpperCase()}\r\n`, undefined],
    ['in the value of another header', `A: Nats-Msg-Id: ${id}\r\n`, undefined],
    ['not at all', 'A: b\r\n', undefined],
    ['too far away', `Nats-Msg-Id: ${id}\r\nZ: ${'y'.repeat(600)}\r\n`, undefined],
  ])('J11d %s', (_, headers, expected) => {
    const raw = new RawMessageId();
    expect(raw.read(behind(headers, 'junk\r\n\r\n'), 's.a') ? raw.position : undefined).toBe(expected);
  });

  test('J11d in messages whose headers differ, read by one object', () => {
    const raw = new RawMessageId();
    for (const headers of [
      `Nats-Msg-Id: ${id}\r\n`,
      `Nats-Msg-Id: ${place}\r\n`,
      `Nats-Msg-Id: ${id}\r\nZ: y\r\n`,
      `Nats-Msg-Id: ${messageIdOf('s.a', 1_000_000, data)}\r\n`,
      `Nats-Msg-Id: ${id}\r\n`,
    ])
      expect(raw.read(behind(headers), 's.a')).toBe(true);
    expect(raw.position).toBe(12);
    expect(raw.checksum).toBe(crc32(data));
    expect(raw.read(behind(`Nats-Msg-Id: ${messageIdOf('s.b', 12, data)}\r\n`), 's.a')).toBe(false);
    expect(raw.read(behind(`Nats-Msg-Id: ${messageIdOf('s.b', 12, data)}\r\n`), 's.b')).toBe(true);
  });

  test('J11d data that looks like an id is none', () => {
    const head = new TextEncoder().encode('NATS/1.0\r\n\r\n');
    const whole = new Uint8Array([...head, ...new TextEncoder().encode(`Nats-Msg-Id: ${id}\r\n`)]);
    expect(new RawMessageId().read(whole.subarray(head.length), 's.a')).toBe(false);
  });

  test('J11d data without anything before it', () => {
    expect(new RawMessageId().read(new Uint8Array([1, 2, 3]), 's.a')).toBe(false);
  });
});

describe('J1 stored positions', () => {
  test('J1a are read as they were written', () => {
    const created = '2026-11-29T04:00:00.123456789Z';
    const place = { sequence: 5, time: 1795926245123, subject: 's.a', position: 4 };
    expect(placeFromText(placeToText('S', created, place))).toEqual({ stream: 'S', created, ...place });
    expect(placeFromText(placeToText('S', created, { sequence: 0 }))).toEqual({ stream: 'S', created, sequence: 0 });
    const long = placeToText('S', created, { ...place, subject: 's'.repeat(4000) });
    expect([long.length < 4096, placeFromText(long)?.position]).toEqual([true, undefined]);
  });

  test.each(['', '1', 'null', '{}', '{"stream":"S","created":"x","sequence":-1}', '{"stream":"S","sequence":1}'])(
    'J9c "%s" is none',
    text => {
      expect(placeFromText(text)).toBeUndefined();
    },
  );
});
