import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { marketRun } from '../../examples/market/index.js';
import { main } from '../../examples/replay/main.js';
import type { ReplayResult } from '../../examples/replay/resultOf.js';
import { envelope, folderOf, framed, offsetOf, page } from './recording.js';

const root = resolve(__dirname, '../..');
const options = { seed: 2, blocks: 60 };
const events = [...marketRun(options).events];
const run = marketRun(options);
const messages = [...run.messages];
const totals = run.totals();
const sound = framed(messages);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const folder = (files: Readonly<Record<string, Uint8Array | string>>): string => {
  const made = folderOf(files);
  folders.push(made);
  return made;
};

const replay = async (...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const out = page();
  const err = page();
  const code = await main(argv, out, err);
  return { code, out: out.text(), err: err.text() };
};

const replayJson = async (...argv: readonly string[]): Promise<ReplayResult> => {
  const { code, out, err } = await replay(...argv, '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n')).toHaveLength(2); // one line, and its end
  return JSON.parse(out) as ReplayResult;
};

const ofRun = (files: Readonly<Record<string, Uint8Array | string>> = { 'a.evt': sound }): readonly string[] => [
  '--directory',
  folder(files),
  '--chain-id',
  'market-sim',
];

describe('replay of a sound recording', () => {
  test('says what the simulator counted, in the agreed keys and their order', async () => {
    const result = await replayJson(...ofRun());
    expect(Object.keys(result).join()).toBe(
      'records,events,blocks,firstHeight,lastHeight,chainId,byType,subscribers,unrouted,peakRssMiB',
    );
    const { records, blocks, firstHeight, lastHeight, chainId, byType } = result;
    expect({ records, events: result.events, blocks, firstHeight, lastHeight, chainId, byType }).toEqual({
      records: totals.events,
      events: totals.events,
      blocks: totals.blocks,
      firstHeight: 1,
      lastHeight: 60,
      chainId: 'market-sim',
      byType: totals.byType,
    });
    expect(result.peakRssMiB).toBeGreaterThan(10);
  });

  test('B1, B4 the required subscriber gets all but the unlisted events', async () => {
    const unlisted = totals.byType['TxError'] ?? 0;
    expect(unlisted).toBeGreaterThan(0);
    const { subscribers, unrouted } = await replayJson(...ofRun());
    const count = totals.events - unlisted;
    expect(unrouted).toBe(unlisted);
    expect(JSON.stringify(subscribers)).toBe(
      `[{"name":"required","required":true,"offered":${count},"delivered":${count},"failed":0,"dropped":0,"skipped":0,"pending":0,"received":${count}}]`,
    );
  });

  test('B4 --types gives just these, a group, and what All leaves out', async () => {
    const { byType } = totals;
    const delivered = async (types: string) => {
      const { subscribers, unrouted } = await replayJson(...ofRun(), '--types', types);
      expect(unrouted).toBe(totals.events - subscribers[0]!.offered);
      return subscribers[0]!.delivered;
    };
    expect(await delivered('Order,Trade')).toBe(byType['Order']! + byType['Trade']!);
    expect(await delivered('Market')).toBe(byType['MarketTick']);
    expect(await delivered('All,TxError')).toBe(totals.events);
  });

  test('B3 --slow adds an optional subscriber, which drops, and whose tally balances', async () => {
    const { subscribers } = await replayJson(...ofRun(), '--slow', '1');
    expect(subscribers.map(({ name, required }) => [name, required])).toEqual([
      ['required', true],
      ['optional', false],
    ]);
    const { offered, delivered, failed, dropped, skipped, pending, received } = subscribers[1]!;
    expect(offered).toBe(subscribers[0]!.offered);
    expect(dropped).toBeGreaterThan(0);
    expect(offered).toBe(delivered + dropped);
    expect({ failed, skipped, pending, received }).toEqual({ failed: 0, skipped: 0, pending: 0, received: delivered });
  });

  test('R1, R2 reads gzipped files, and several in the order of their names', async () => {
    const half = offsetOf(messages, 40);
    const { records } = await replayJson(
      ...ofRun({ 'a.evt.gz': gzipSync(sound.subarray(0, half)), 'b.evt': sound.subarray(half) }),
    );
    expect(records).toBe(messages.length);
  });

  test('R3 counts records before the first begin-block, and leaves their events out', async () => {
    const { records, firstHeight, ...counted } = await replayJson(
      ...ofRun({ 'a.evt': sound.subarray(offsetOf(messages, 1)) }),
    );
    expect(records).toBe(messages.length - 1);
    expect(firstHeight).toBe(2);
    expect(counted.events).toBe(events.filter(({ blockNr }) => blockNr > 1).length);
  });

  test('without --json it tells the same in words', async () => {
    const { code, out, err } = await replay(...ofRun());
    expect(code).toBe(0);
    const count = totals.events.toLocaleString('en');
    expect(out).toContain(`chain market-sim: ${count} records, ${count} events in 60 blocks, heights 1 to 60`);
    expect(out).toMatch(/required: ([\d,]+) offered = \1 delivered \+ 0 failed \+ 0 dropped/);
    expect(err).toContain('replayed 100 %');
  });
});

describe('what is not as it should be: exit code 1, and what was expected, what was found, where', () => {
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
    expect(err).toMatch(/expected .+, found .+ \(docs\/errors\.md#\w+\)\n$/);
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

  test('a gzip cut short', async () => {
    const packed = gzipSync(sound);
    const { code, err } = await replay(...ofRun({ 'a.evt.gz': packed.subarray(0, packed.length - 100) }));
    expect(code).toBe(1);
    expect(err).toMatch(/a\.evt\.gz, offset \d+: expected a whole, sound gzip file, found .+\n$/);
  });

  test('an empty folder, a folder that is not there, a file in place of a folder', async () => {
    const empty = ofRun({});
    expect(await replay(...empty)).toEqual({
      code: 1,
      out: '',
      err: `replay: ${empty[1]!}: expected a folder with files of records, found none in it (docs/errors.md#nobufferfileserror)\n`,
    });
    const missing = await replay('--directory', join(empty[1]!, 'nowhere'), '--chain-id', 'x');
    expect(missing.code).toBe(1);
    expect(missing.err).toContain(`nowhere: expected a folder with files of records, found `);
    const file = await replay('--directory', join(ofRun()[1]!, 'a.evt'), '--chain-id', 'x');
    expect(file.code).toBe(1);
    expect(file.err).toContain(`a.evt: expected a folder with files of records, found `);
  });
});

describe('options', () => {
  const some = ['--directory', '.', '--chain-id', 'x'];
  test.each<[argv: readonly string[], message: string]>([
    [[], '--directory: expected a folder of recorded files, found nothing'],
    [['--directory', '.'], '--chain-id: expected the id of the chain that they are of, found nothing'],
    [[...some, '--slow', 'very'], '--slow: expected milliseconds, from 0 to 2147483647, found "very"'],
    [[...some, '--time-between-blocks', '1s'], '--time-between-blocks: expected milliseconds'],
    [[...some, '--types', 'TIME_UPDATE'], 'found "TIME_UPDATE"; did you mean TimeUpdate?'],
    [[...some, '--types', 'Order,'], '--types: expected names of event types, such as TimeUpdate, found ""'],
    [[...some, '--frob'], "Unknown option '--frob'"],
    [[...some, 'more'], "Unexpected argument 'more'"],
    [[...some, '--directory'], "'--directory <value>' argument missing"],
  ])('%p', async (argv, message) => {
    const { code, out, err } = await replay(...argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  });

  test('--help tells them all, and every type', async () => {
    const { code, out, err } = await replay('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const named = ['--directory', '--chain-id', '--types', '--slow', '--time-between-blocks', '--json', 'TimeUpdate'];
    expect(named.filter(name => !out.includes(name))).toEqual([]);
  });
});

describe('the command', () => {
  const command = promisify(execFile);
  const argv = ['--import', 'tsx', join(root, 'examples/replay/index.ts')];

  test('prints one line of JSON', async () => {
    const { stdout, stderr } = await command(process.execPath, [...argv, ...ofRun(), '--json'], { cwd: root });
    expect(stderr).toBe('');
    expect((JSON.parse(stdout) as ReplayResult).records).toBe(messages.length);
  }, 60_000);

  test('exits with 1 where something is wrong', async () => {
    const failed = command(process.execPath, [...argv, ...ofRun({ 'a.evt': 'text' })], { cwd: root });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('a text file?'),
    });
  }, 60_000);
});

const recorded = resolve(root, '../shared/recorded-events');
const isThere = existsSync(recorded);
if (!isThere && process.env['CI'] !== 'true')
  console.warn(`skipped, because ${recorded} is not there: replaying what a Go node recorded`);
(isThere || process.env['CI'] === 'true' ? describe : describe.skip)('what a Go node recorded', () => {
  test('B1, R1 is replayed: every event but the one unlisted reaches the required subscriber', async () => {
    const result = await replayJson('--directory', recorded, '--chain-id', 'testnet-001');
    expect(result).toMatchObject({
      records: 6964,
      events: 6964,
      blocks: 1088,
      firstHeight: 1,
      lastHeight: 1087,
      chainId: 'testnet-001',
      unrouted: 1,
      subscribers: [{ offered: 6963, delivered: 6963, received: 6963, failed: 0, dropped: 0, skipped: 0, pending: 0 }],
    });
    expect(Object.keys(result.byType)).toHaveLength(44);
    expect(result.byType).toMatchObject({
      ...{ BeginBlock: 1088, TimeUpdate: 1088, EndBlock: 1088, MarketData: 867, MarketTick: 761, Account: 233 },
      ...{ Order: 52, Trade: 4, EpochUpdate: 221, SnapshotTaken: 50, TxError: 1 },
    });
  });
});
