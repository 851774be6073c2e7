import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { envelope, framed, offsetOf } from './recording.js';
import { events, messages, ofRun, replay, sound } from './replaying.js';
import { ERRORS_PAGE } from '../../lib/event/seeDocs.js';

describe('invalid recordings: exit code 1, and what was expected, what was found, where', () => {
  const bad = (message: Uint8Array): Uint8Array => framed([...messages.slice(0, 5), message, ...messages.slice(6)]);
  const at = offsetOf(messages, 5);
  const next = offsetOf(messages, 6);
  const withSize = (size: number): Uint8Array => {
    const bytes = Buffer.from(sound);
    bytes.writeUInt32BE(size, at);
    return bytes;
  };
  const flipped = (byte: number, bit: number): Uint8Array => {
    const bytes = Buffer.from(messages[5]!);
    bytes[byte]! ^= bit;
    return bytes;
  };
  const without = (from: number, to: number): Uint8Array => framed([...messages.slice(0, from), ...messages.slice(to)]);
  const blockAt = (height: number): number => events.findIndex(({ blockNr }) => blockNr === height);
  const lastOf = (height: number): string => `${height}-${events[blockAt(height + 1) - 1]!.sequence}`;

  test.each<[what: string, file: Uint8Array | string, message: string]>([
    [
      'cut in the size',
      sound.subarray(0, at + 3),
      `offset ${at}: expected 4 bytes of a record's size, found the end of the file after 3`,
    ],
    [
      'cut in the number',
      sound.subarray(0, at + 9),
      `offset ${at}: expected a record of ${next - at} bytes, found the end of the file after 9, in its number`,
    ],
    [
      'cut in the message',
      sound.subarray(0, at + 20),
      `offset ${at}: expected a record of ${next - at} bytes, found the end of the file after 20, in its message`,
    ],
    ['size 0', withSize(0), `offset ${at}: expected a record's size from 8 to 67108872, found 0`],
    ['size 7', withSize(7), `offset ${at}: expected a record's size from 8 to 67108872, found 7`],
    [
      'size 0xFFFFFFFF',
      withSize(0xffffffff),
      `offset ${at}: expected a record's size from 8 to 67108872, found 4294967295`,
    ],
    ['a wrong version', bad(envelope({ version: 2 })), `offset ${at}: event 1-2, version: expected 1, found 2`],
    [
      'an unknown type',
      bad(envelope({ type: 250 })),
      `offset ${at}: event 1-2, type: expected a known type, found 250`,
    ],
    [
      'a type that no stream brings',
      bad(envelope({ type: 36 })),
      `offset ${at}: event 1-2, type: expected a type that comes in a stream, found 36 (StreamStart)`,
    ],
    [
      'a malformed id',
      bad(envelope({ id: '1_2' })),
      `offset ${at}: event, id: expected an id <blockNr>-<sequence>, two decimals below 2^53, found '1_2'`,
    ],
    [
      'an absent payload',
      bad(envelope({ payload: false })),
      `offset ${at}: event 1-2, payload: expected time_update (field 101), as its type is TimeUpdate, found none`,
    ],
    [
      'a payload of another type',
      bad(envelope({ type: 5 })),
      `offset ${at}: event 1-2, payload: expected order (field 104), as its type is Order, found time_update (field 101)`,
    ],
    ['a flipped bit in the first tag', bad(flipped(0, 1)), `offset ${at}: event`],
    ['a flipped bit in a length', bad(flipped(1, 0x40)), `offset ${at}: event`],
    [
      'a sequence gap',
      without(5, 6),
      `offset ${at}: after event 1-5: expected 1-6 or 2-1, or block 1 once more from 1, found 1-7`,
    ],
    [
      'a block missing',
      without(blockAt(20), blockAt(21)),
      `offset ${offsetOf(messages, blockAt(20))}: after event ${lastOf(19)}: expected 19-${events[blockAt(20) - 1]!.sequence + 1} or 20-1, found 21-1`,
    ],
    [
      'a text file',
      'blocks, trades and orders\n',
      `offset 0: expected a record's size from 8 to 67108872, found 1651273571, the text "bloc": is it a text file?`,
    ],
  ])('%s', async (_, file, message) => {
    const { code, out, err } = await replay(...ofRun({ 'a.evt': file }), '--json');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(`a.evt, ${message}`);
    expect(err).toMatch(/expected .+, found .+ \(\S+#\w+\)\n$/);
  });

  test('another chain', async () => {
    const { code, err } = await replay(...ofRun().slice(0, 2), '--chain-id', 'main');
    expect(code).toBe(1);
    expect(err).toContain(
      'a.evt, offset 0: BeginBlock 1-1: expected an event of chain "main", found one of chain "market-sim"',
    );
  });

  test('the place counts in the file that it names', async () => {
    const half = offsetOf(messages, 40);
    const rest = Buffer.concat([sound.subarray(half, offsetOf(messages, 50)), framed([envelope({ version: 9 })])]);
    const { err } = await replay(...ofRun({ 'a.evt': sound.subarray(0, half), 'b.evt': rest }));
    expect(err).toContain(`b.evt, offset ${offsetOf(messages, 50) - half}: event 1-2, version: expected 1, found 9`);
  });

  test('a truncated gzip file', async () => {
    const packed = gzipSync(sound);
    const { code, err } = await replay(...ofRun({ 'a.evt.gz': packed.subarray(0, packed.length - 100) }));
    expect(code).toBe(1);
    expect(err).toMatch(/a\.evt\.gz, offset \d+: expected a complete, undamaged gzip file, found .+\n$/);
  });

  test('an empty folder, a missing folder, a file in place of a folder', async () => {
    const empty = ofRun({});
    expect(await replay(...empty)).toEqual({
      code: 1,
      out: '',
      err: `replay: ${empty[1]!}: expected a folder with files of records, found no files in it (${ERRORS_PAGE}#nobufferfileserror)\n`,
    });
    const missing = await replay('--directory', join(empty[1]!, 'nowhere'), '--chain-id', 'x');
    expect(missing.code).toBe(1);
    expect(missing.err).toContain(`nowhere: expected a folder with files of records, found `);
    const file = await replay('--directory', join(ofRun()[1]!, 'a.evt'), '--chain-id', 'x');
    expect(file.code).toBe(1);
    expect(file.err).toContain(`a.evt: expected a folder with files of records, found `);
  });
});
