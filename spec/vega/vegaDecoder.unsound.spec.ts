import { describe, expect, test } from '@jest/globals';
import { eventTypes } from '../../lib/vega.js';
import { ascii, decode, field, parts, put, refusal } from './endBlockBytes.js';
import { envelopeType } from './reference.js';

describe('invalid bytes', () => {
  const at = 'event 12-3';
  const unsound: readonly (readonly [string, Partial<typeof parts>, string, string | RegExp, string | RegExp])[] = [
    ['E1a another version', { version: '2002' }, `${at}, version`, '1', '2'],
    ['E1a no version', { version: '' }, `${at}, version`, '1', '0'],
    ['E1a a version of 2^32 + 1', { version: '208180808010' }, `${at}, version`, '1', '4294967297'],
    ['E1b no id', { id: '' }, 'event, id', 'an id', 'none'],
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
          `E1b the id '${id}'`,
          { id: field('0a', ascii(id)) },
          'event, id',
          /^an id <blockNr>-<sequence>/,
          `'${id}'`,
        ] as const,
    ),
    ['an id of a thousand digits', { id: `0ae807${'31'.repeat(1000)}` }, 'event, id', /^an id/, `'${'1'.repeat(40)}…'`],
    ['no type', { type: '' }, `${at}, type`, 'a type that comes in a stream', '0 (Unspecified)'],
    ['a negative type', { type: '18ffffffffffffffffff01' }, `${at}, type`, 'a known type', /^18446744073709/],
    ['E1c no payload', { payload: '' }, `${at}, payload`, 'end_block (field 149), as its type is EndBlock', 'none'],
    [
      'E1c a payload of another type',
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
    ['E1b a cut payload', { payload: field('aa09', '08') }, `${at}, end_block.height`, 'a varint', 'the end'],
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
  test.each(unsound)('E1d %s', (_, other, path, expected, found) => {
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

  test.each([0, 1, 36, 55, 59, 101])('E2a type %d, which never occurs in a stream', type => {
    const payload = type === 55 ? field('d209', '0801') : type === 101 ? 'ca3e00' : '';
    const error = refusal(put({ type: `18${type.toString(16).padStart(2, '0')}`, payload }));
    expect(error.path).toBe('event 12-3, type');
    expect(error.found).toMatch(new RegExp(`^${type} \\(\\w+\\)$`));
  });

  test.each([97, 100, 102, 200, 202, 1_000_000])('E2a the unknown type %d', type => {
    const bytes = envelopeType.encode({ id: '12-3', block: 'A', type, version: 1 }).finish();
    expect(refusal(bytes)).toMatchObject({ path: 'event 12-3, type', expected: 'a known type', found: String(type) });
  });

  test('E2a every number from 0 to 300 is a type of the stream or an error at the type', () => {
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
