import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import type { DecodeError } from '../../lib/event/DecodeError.js';
import { blockOf, encodeEvent, eventTypes, vegaDecoder, type VegaEvent } from '../../lib/vega.js';
import { codecNames, envelopeType, payloadType, withCodec } from './reference.js';

const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], byte => parseInt(byte, 16));
const ascii = (text: string): string => [...text].map(one => one.charCodeAt(0).toString(16).padStart(2, '0')).join('');
const field = (tag: string, content: string): string =>
  `${tag}${(content.replace(/ /g, '').length / 2).toString(16).padStart(2, '0')}${content}`;

const parts = {
  id: field('0a', ascii('12-3')),
  block: field('12', ascii('AB')),
  type: '1832', // 50, END_BLOCK
  version: '2001',
  chain: field('2a', ascii('c')),
  tx: field('32', ascii('CD')),
  payload: field('aa09', '080c'), // field 149
};
/** A sound message of an `EndBlock`, with some parts put in another way. */
const put = (other: Partial<typeof parts> = {}): Uint8Array => hex(Object.values({ ...parts, ...other }).join(''));

const decode = (bytes: Uint8Array): VegaEvent => {
  const result = vegaDecoder.decode(bytes);
  if (!isRight(result)) throw result.left;
  return result.right;
};
const refusal = (bytes: Uint8Array): DecodeError => {
  const result = vegaDecoder.decode(bytes);
  if (!isLeft(result)) throw new Error(`was decoded: ${result.right.type}`);
  return result.left;
};

describe('sound bytes', () => {
  test('E4 give type and position at once, and the rest when it is asked for', () => {
    const event = decode(put());
    expect(Object.keys(event)).toEqual(['type', 'blockNr', 'sequence']);
    expect([event.type, event.blockNr, event.sequence]).toEqual(['EndBlock', 12, 3]);
    expect([event.traceId, event.chainId, event.txHash, event.compositeCount]).toEqual(['AB', 'c', 'CD', 1]);
    expect(event.payload).toEqual({ height: 12 });
    expect(event.payload).toBe(event.payload);
  });

  test('E3 give the payload as bytes where the type has no codec here', () => {
    const event = decode(put({ type: '1803', payload: field('b206', '0801ff') }));
    expect(event.type).toBe('LedgerMovements');
    expect(event.payload).toEqual(hex('0801ff'));
  });

  const legal: readonly (readonly [string, Partial<typeof parts>, Partial<VegaEvent>])[] = [
    ['no transaction', { tx: '' }, { txHash: '' }],
    ['an empty payload: all fields at their defaults', { payload: 'aa0900' }, { payload: { height: 0 } }],
    [
      'unknown fields of all wire types',
      { chain: `${parts.chain}3801 41${'00'.repeat(8)} 4a0161 55${'00'.repeat(4)}` },
      { chainId: 'c' },
    ],
    ['an unknown field above the payloads', { tx: `${parts.tx}c23e00` }, { txHash: 'CD' }],
    [
      'an unknown field in the payload',
      { payload: field('aa09', '080c1205616263646518ff01') },
      { payload: { height: 12 } },
    ],
    ['a scalar twice: the last counts', { chain: `${field('2a', ascii('b'))}${parts.chain}` }, { chainId: 'c' }],
    ['another order', { id: parts.payload, payload: parts.id }, { blockNr: 12, sequence: 3, payload: { height: 12 } }],
    ['a number in more bytes than it needs', { type: '18b280808000' }, { type: 'EndBlock' }],
    ['text beyond ASCII', { chain: field('2a', 'c3a9f09f9880efbbbf') }, { chainId: 'é😀\ufeff' }],
    ['a byte order mark, kept', { chain: field('2a', 'efbbbf61') }, { chainId: '\ufeffa' }],
    [
      'the highest height',
      { id: field('0a', ascii('9007199254740991-9007199254740991')) },
      { blockNr: 2 ** 53 - 1, sequence: 2 ** 53 - 1 },
    ],
    [
      'a height in the payload up to 2^53 - 1',
      { payload: field('aa09', '08ffffffffffffff0f') },
      { payload: { height: 2 ** 53 - 1 } },
    ],
  ];
  test.each(legal)('E1 %s', (_, other, expected) => {
    const event = decode(put(other));
    for (const [key, value] of Object.entries(expected)) expect(event[key as keyof VegaEvent]).toEqual(value);
  });

  test('E4 keep a text of any length whole', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 40 }), (traceId, chainId) => {
        const event = {
          type: 'EndBlock',
          blockNr: 1,
          sequence: 2,
          traceId,
          chainId,
          txHash: traceId,
          payload: { height: 1 },
        } as const;
        const { traceId: trace, chainId: chain, txHash } = decode(encodeEvent(event));
        expect([trace, chain, txHash]).toEqual([traceId, chainId, traceId]);
      }),
    );
  });
});

describe('unsound bytes', () => {
  const at = 'event 12-3';
  const unsound: readonly (readonly [string, Partial<typeof parts>, string, string | RegExp, string | RegExp])[] = [
    ['another version', { version: '2002' }, `${at}, version`, '1', '2'],
    ['no version', { version: '' }, `${at}, version`, '1', '0'],
    ['a version of 2^32 + 1', { version: '208180808010' }, `${at}, version`, '1', '4294967297'],
    ['no id', { id: '' }, 'event, id', 'an id', 'none'],
    ...[
      '',
      '-',
      '12',
      '12-',
      '-3',
      '12-3-',
      '12--3',
      '1-2-3',
      '12-3 ',
      ' 12-3',
      '+12-3',
      '0x1-2',
      '12.0-3',
      '9007199254740992-1',
      '1-9007199254740992',
      '12-99999999999999999999',
    ].map(
      id =>
        [
          `the id '${id}'`,
          { id: field('0a', ascii(id)) },
          'event, id',
          /^an id <blockNr>-<sequence>/,
          `'${id}'`,
        ] as const,
    ),
    ['an id of a thousand digits', { id: `0ae807${'31'.repeat(1000)}` }, 'event, id', /^an id/, `'${'1'.repeat(40)}…'`],
    ['no type', { type: '' }, `${at}, type`, 'a type that comes in a stream', '0 (Unspecified)'],
    ['a negative type', { type: '18ffffffffffffffffff01' }, `${at}, type`, 'a known type', /^18446744073709/],
    ['no payload', { payload: '' }, `${at}, payload`, 'end_block (field 149), as its type is EndBlock', 'none'],
    [
      'a payload of another type',
      { payload: field('a209', '080c') },
      `${at}, payload`,
      /^end_block/,
      'begin_block (field 148)',
    ],
    ['two payloads', { tx: field('aa09', '0801') }, `${at}, payload`, 'one payload', 'fields 149 and 149'],
    ['a payload as a number', { payload: 'a80901' }, `${at}, payload`, 'wire type 2', '0'],
    ['an id as a number', { id: '0801' }, 'event, field 1', /wire type/, '0'],
    ['a version as a text', { version: '220101' }, `${at}, field 4`, /wire type/, '2'],
    ['a length past the end', { payload: 'aa0903080c' }, `${at}, payload`, '3 bytes of content', '2 before the end'],
    [
      'a length of 4 GiB',
      { payload: 'aa09ffffffff0f' },
      `${at}, payload`,
      '4294967295 bytes of content',
      '0 before the end',
    ],
    [
      'a length of 2^35',
      { payload: 'aa09ffffffff7f' },
      `${at}, payload`,
      'a length of at most 32 bits',
      'a longer one',
    ],
    ['a cut number', { payload: 'aa' }, at, 'a varint', 'the end'],
    [
      'a varint of eleven bytes',
      { type: `18${'80'.repeat(10)}01` },
      `${at}, type`,
      'a varint of at most 64 bits',
      'a longer one',
    ],
    [
      'a varint of 65 bits',
      { type: `18${'80'.repeat(9)}02` },
      `${at}, type`,
      'a varint of at most 64 bits',
      'a longer one',
    ],
    ['field number 0', { tx: '0001' }, at, 'a field number of 1 or more', '0'],
    ['a group', { tx: '3b3c' }, at, 'a wire type of 0, 1, 2 or 5', '3'],
    ['wire type 6', { tx: '3e' }, at, 'a wire type of 0, 1, 2 or 5', '6'],
    ['a fixed64 that is cut', { payload: `${parts.payload}3900` }, at, '8 bytes', '1 before the end'],
    ['a cut payload', { payload: field('aa09', '08') }, `${at}, end_block.height`, 'a varint', 'the end'],
    [
      'a payload field of another wire type',
      { payload: field('aa09', '0a0161') },
      `${at}, end_block.height`,
      'wire type 0',
      '2',
    ],
    [
      'a height of 2^53',
      { payload: field('aa09', '088080808080808010') },
      `${at}, end_block.height`,
      'a number below 2^53',
      '9007199254740992',
    ],
    [
      'an unknown field in the payload that is cut',
      { payload: field('aa09', '080c1205') },
      `${at}, end_block`,
      '5 bytes of content',
      '0 before the end',
    ],
    [
      'an enum of 33 bits',
      { type: '1805', payload: field('c206', '208080808010') },
      `${at}, order.side`,
      'an enum of 32 bits',
      'a longer one',
    ],
  ];
  test.each(unsound)('E1 %s', (_, other, path, expected, found) => {
    const error = refusal(put(other));
    expect(error.name).toBe('DecodeError');
    expect(error.path).toBe(path);
    expect(error.expected).toMatch(
      typeof expected === 'string' ? new RegExp(`^${expected.replace(/[()^]/g, '\\$&')}$`) : expected,
    );
    expect(error.found).toMatch(found);
    expect(error.message).toContain(`${path}: expected ${error.expected}, found ${error.found}`);
  });

  test('E1 no bytes at all, and a text', () => {
    expect(refusal(new Uint8Array(0)).path).toBe('event, id');
    expect(refusal(new TextEncoder().encode('this is a text file\n')).name).toBe('DecodeError');
  });

  test.each([0, 1, 36, 55, 59, 101])('E2 type %d, which never comes in a stream', type => {
    const payload = type === 55 ? field('d209', '0801') : type === 101 ? 'ca3e00' : '';
    const error = refusal(put({ type: `18${type.toString(16).padStart(2, '0')}`, payload }));
    expect(error.path).toBe('event 12-3, type');
    expect(error.found).toMatch(new RegExp(`^${type} \\(\\w+\\)$`));
  });

  test.each([97, 100, 102, 200, 202, 1_000_000])('E2 type %d, which nobody knows', type => {
    const bytes = envelopeType.encode({ id: '12-3', block: 'A', type, version: 1 }).finish();
    expect(refusal(bytes)).toMatchObject({ path: 'event 12-3, type', expected: 'a known type', found: String(type) });
  });

  test('E2 every number from 0 to 300 is a type of the stream or an error at the type', () => {
    const inStream = new Map(eventTypes.filter(type => type.inStream).map(type => [type.number, type]));
    for (let number = 0; number <= 300; number++) {
      const known = inStream.get(number);
      const envelope = envelopeType.encode({ id: '12-3', block: 'A', type: number, version: 1 }).finish();
      const field = (known?.payloadField ?? 999) * 8 + 2;
      const bytes = Uint8Array.from([...envelope, (field & 0x7f) | 0x80, field >>> 7, 0]);
      if (known === undefined) expect(refusal(bytes).path).toBe('event 12-3, type');
      else expect(decode(bytes).type).toBe(known.name);
    }
    expect(inStream.size).toBe(93);
  });
});

describe('any bytes', () => {
  /** Decodes, reads everything; the only thing that may go wrong is a DecodeError from `decode`. */
  const readAll = (bytes: Uint8Array): VegaEvent | undefined => {
    blockOf(bytes);
    const result = vegaDecoder.decode(bytes);
    if (isLeft(result)) {
      if (result.left.name !== 'DecodeError') throw new Error('another error', { cause: result.left });
      return undefined;
    }
    const event = result.right;
    for (const key of ['traceId', 'chainId', 'txHash', 'compositeCount', 'payload'] as const)
      expect(event[key]).toBeDefined();
    return event;
  };

  const sound = fc.constantFrom(...codecNames).map(name => {
    const [type, number] = withCodec[name];
    const payloads = payloadType(name);
    const filled = Object.fromEntries(
      Object.values(payloads.fields).map(({ name: key, type: kind, repeated }) => {
        const one = kind === 'string' ? 'aé' : kind === 'bytes' ? Uint8Array.of(1) : kind === 'bool' ? true : -5;
        return [key, repeated ? [one, one] : kind === 'uint64' ? 300 : kind === 'int32' ? 2 : one];
      }),
    );
    const payload = payloads.encode(filled).finish();
    const envelope = envelopeType
      .encode({ id: '12-3', block: 'AB', type, version: 1, chainId: 'c', txHash: 'AB' })
      .finish();
    return Uint8Array.from([
      ...envelope,
      ((number * 8 + 2) & 0x7f) | 0x80,
      (number * 8 + 2) >>> 7,
      payload.length,
      ...payload,
    ]);
  });

  test('E1 random ones are refused without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void readAll(bytes)),
      { numRuns: 2000 },
    );
  });

  test('E1 a message cut at any byte is refused without a throw', () => {
    fc.assert(
      fc.property(sound, bytes => {
        expect(readAll(bytes)).toBeDefined();
        for (let length = 0; length < bytes.length; length++) expect(readAll(bytes.slice(0, length))).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  test('E1 a message with a few bytes changed is refused, or read without a throw', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(sound, changes, (bytes, list) => {
        const changed = bytes.slice();
        for (const [at, byte] of list) changed[at % changed.length] = byte;
        readAll(changed);
      }),
      { numRuns: 3000 },
    );
  });

  test('E1 what the quick look takes, the close look takes as well, with the same result', () => {
    // A long way to write the same: an unknown field in front makes both quick looks step aside.
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 2 });
    fc.assert(
      fc.property(sound, changes, (bytes, list) => {
        const changed = bytes.slice();
        for (const [at, byte] of list) changed[at % changed.length] = byte;
        const slow = Uint8Array.from([0x38, 0x01, ...changed]);
        const quickly = vegaDecoder.decode(changed);
        const closely = vegaDecoder.decode(slow);
        expect(quickly._tag).toBe(closely._tag);
        if (isLeft(quickly) && isLeft(closely)) expect(quickly.left.message).toBe(closely.left.message);
        if (isLeft(quickly) || isLeft(closely)) return;
        const all = ({ type, blockNr, sequence, traceId, chainId, txHash, compositeCount, payload }: VegaEvent) => [
          type,
          blockNr,
          sequence,
          traceId,
          chainId,
          txHash,
          compositeCount,
          payload,
        ];
        expect(all(quickly.right)).toEqual(all(closely.right));
      }),
      { numRuns: 2000 },
    );
  });
});
