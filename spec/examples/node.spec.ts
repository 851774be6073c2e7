import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { from, lastValueFrom, Subject, toArray } from 'rxjs';
import { type CoreOptions, marketCore } from '../../examples/core/marketCore.js';
import { marketBlocks } from '../../examples/market/index.js';
import { branchBuffer } from '../../examples/node/branchBuffer.js';
import { decodeProgress, encodeProgress, isStored, type Progress, withBlock } from '../../examples/node/progress.js';
import { readSettings } from '../../examples/node/settings.js';
import { eachOnce } from '../../examples/node/eachOnce.js';
import type { CommittedBlock } from '../../lib/store/blocks.js';
import { type Inproc, inproc } from '../../lib/source/socket/inproc.js';
import { decodeConfig } from '../../lib/config/decodeConfig.js';
import { encodeEvent } from '../../lib/vega/encodeEvent.js';
import { vegaDecoder } from '../../lib/vega/vegaDecoder.js';
import type { VegaEvent } from '../../lib/vega/VegaEvent.js';
import { recorder } from '../source/socket/recorder.js';

const right = <A>(
  either: { readonly _tag: 'Left'; readonly left: unknown } | { readonly _tag: 'Right'; right: A },
): A => {
  if (either._tag === 'Left') throw either.left;
  return either.right;
};

describe('settings of the data node', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'node-settings-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const file = (content: string): string => {
    const path = join(directory, 'node.json');
    writeFileSync(path, content);
    return path;
  };
  const problems = (path: string | undefined, environment: Record<string, string>) => {
    const settings = readSettings(path, environment);
    if (!isLeft(settings)) throw new Error('expected problems');
    return settings.left.problems;
  };

  test('C1 without a file and an environment: the defaults', () => {
    expect(right(readSettings(undefined, {}))).toEqual({
      config: right(decodeConfig({})),
      chainId: 'market-sim',
      directory: 'data',
      databaseUrl: '',
    });
  });

  test('the environment takes precedence over the file, whose other settings apply', () => {
    const path = file(JSON.stringify({ chainId: 'main', panicOnError: true, socketConfig: { port: 1, ip: '::1' } }));
    const {
      config,
      chainId,
      directory: folder,
    } = right(
      readSettings(path, {
        RX_EVENT_BROKER_SOCKET_CONFIG_PORT: '4000',
        RX_EVENT_BROKER_PANIC_ON_ERROR: 'false',
        RX_EVENT_BROKER_FILE_EVENT_SOURCE_CONFIG_DIRECTORY: '7',
        RX_EVENT_BROKER_DIRECTORY: 'elsewhere',
        HOME: '/root',
      }),
    );
    expect({ chainId, folder, ip: config.socketConfig.ip }).toEqual({
      chainId: 'main',
      folder: 'elsewhere',
      ip: '::1',
    });
    expect(config.socketConfig.port).toBe(4000);
    expect(config.panicOnError).toBe(false);
    expect(config.fileEventSourceConfig.directory).toBe('7');
  });

  test('DATABASE_URL is used if no other setting names a database', () => {
    const url = (environment: Record<string, string>) => right(readSettings(undefined, environment)).databaseUrl;
    expect(url({ DATABASE_URL: 'postgres://a' })).toBe('postgres://a');
    expect(url({ DATABASE_URL: 'postgres://a', RX_EVENT_BROKER_DATABASE_URL: 'postgres://b' })).toBe('postgres://b');
  });

  test('C2 all problems at once, each with path, expected and found', () => {
    const path = file(JSON.stringify({ level: 'loud', chainId: 7, socketConfig: { port: 80, colour: 'red' } }));
    const environment = {
      RX_EVENT_BROKER_SOCKET_CONFIG_PORT: 'eighty',
      RX_EVENT_BROKER_PANIC_ON_ERROR: 'yes',
      RX_EVENT_BROKER_PORT: '80',
    };
    const known = expect.stringContaining('RX_EVENT_BROKER_SOCKET_CONFIG_PORT') as unknown as string;
    expect(problems(path, environment)).toEqual([
      { path: 'RX_EVENT_BROKER_PORT', expected: known, found: '80' },
      { path: 'chainId', expected: 'a text that is not empty', found: '7' },
      { path: 'level', expected: 'one of debug, info, warn, error', found: '"loud"' },
      { path: 'RX_EVENT_BROKER_SOCKET_CONFIG_PORT', expected: 'a port, 0 to 65535', found: '"eighty"' },
      {
        path: 'socketConfig.colour',
        expected: 'a known key (ip, port, maxReceiveTimeouts, transportType)',
        found: '"red"',
      },
      { path: 'RX_EVENT_BROKER_PANIC_ON_ERROR', expected: 'true or false', found: '"yes"' },
    ]);
  });

  test('C3c recorded files and a stream, not both', () => {
    const path = file(JSON.stringify({ useEventFile: true }));
    expect(problems(path, { RX_EVENT_BROKER_USE_JET_STREAM: 'true' })).toEqual([
      { path: 'RX_EVENT_BROKER_USE_JET_STREAM', expected: 'false, because useEventFile is true', found: 'true' },
    ]);
  });

  test.each([
    ['no JSON', '{', ''],
    ['no object', '[]', ''],
    ['a section that is no object', '{"socketConfig": 5}', 'socketConfig'],
  ])('C2 %s', (_, content, at) => {
    const path = file(content);
    const [problem, ...others] = problems(path, { RX_EVENT_BROKER_SOCKET_CONFIG_PORT: '1' });
    expect(others).toEqual([]);
    expect(problem!.path).toBe(content === '{' ? path : at);
  });

  test('C2 a missing file', () => {
    const path = join(directory, 'none.json');
    expect(problems(path, {})).toEqual([
      { path, expected: 'a file of JSON', found: expect.stringContaining('ENOENT') as unknown as string },
    ]);
  });
});

test('C1e C1f the bound of a branch comes from the keys of its source', () => {
  const buffer = (settings: object): number =>
    branchBuffer(
      right(
        decodeConfig({
          socketServerInboundBufferSize: 1,
          socketServerOutboundBufferSize: 2,
          fileEventSourceConfig: { sendChannelBufferSize: 4 },
          bufferedEventSourceConfig: { sendChannelBufferSize: 5 },
          ...settings,
        }),
      ),
    );
  expect(buffer({})).toBe(5);
  expect(buffer({ useEventFile: true })).toBe(4);
  expect(buffer({ useBufferedEventSource: false })).toBe(3);
  expect(buffer({ bufferedEventSourceConfig: { sendChannelBufferSize: 0 } })).toBe(1);
});

/** The first one twice. */
const blocks = [...marketBlocks({ seed: 3, blocks: 8, ordersPerBlock: 3, firstBlockTwice: true })];
const events = blocks.flat();
const committed = (block: readonly VegaEvent[]): CommittedBlock => ({
  chainId: 'market-sim',
  height: block[0]!.blockNr,
  hash: block[0]!.traceId.toLowerCase(),
  time: 0n,
  snapshotTaken: false,
});
/** The progress of a node that has committed that many of the blocks. */
const progressOf = (count: number): Progress =>
  blocks.slice(0, count).reduce<Progress>((progress, block) => withBlock(progress, committed(block)), null);

describe('progress', () => {
  test('a node has the blocks that it has committed, and no others', () => {
    for (let count = 0; count <= blocks.length; count++) {
      const stored = blocks.map(block =>
        isStored(progressOf(count), { height: block[0]!.blockNr, hash: block[0]!.traceId }),
      );
      expect(stored).toEqual(blocks.map((_, at) => at < count));
    }
  });

  test('is read as it was written; anything else is rejected', () => {
    for (const count of [0, 1, 2, 5])
      expect(decodeProgress(encodeProgress(progressOf(count)))).toMatchObject({ right: progressOf(count) });
    for (const text of ['', '{}', '7', '{"height":1}', 'null null'])
      expect(isLeft(decodeProgress(new TextEncoder().encode(text)))).toBe(true);
  });
});

describe('eachOnce', () => {
  /** A core that is cut off, and begins again at the begin of a block that the node has not committed. */
  const sent = fc.record({
    stored: fc.nat({ max: blocks.length - 1 }),
    connections: fc.array(fc.record({ back: fc.nat({ max: 3 }), length: fc.nat({ max: 60 }) }), { maxLength: 12 }),
  });
  const starts = blocks.map((_, at) => blocks.slice(0, at).flat().length);

  test('S11 a core may be disconnected anywhere: every event that is not stored passes once, in order', () => {
    expect(events.some(({ compositeCount }) => compositeCount === 0)).toBe(true); // shares its number with the next one
    fc.assert(
      fc.property(sent, ({ stored, connections }) => {
        const first = starts[stored]!;
        let reached = first;
        const sequence = connections.flatMap(({ back, length }) => {
          const open = starts.findLastIndex(start => start <= reached);
          const from = starts[Math.max(0, open - back)]!;
          const upTo = Math.min(events.length, from + length);
          reached = Math.max(reached, upTo);
          return events.slice(from, upTo);
        });
        const passed: VegaEvent[] = [];
        from(sequence)
          .pipe(
            eachOnce(progressOf(stored), gap => {
              throw gap;
            }),
          )
          .subscribe(event => passed.push(event));
        expect(passed).toEqual(events.slice(first, reached));
      }),
      { numRuns: 500 },
    );
  });
});

describe('marketCore', () => {
  const options = { seed: 3, chainId: 'market-sim', blocks: 3, blocksPerSecond: Infinity };
  const own = [...marketBlocks({ ...options, firstBlockTwice: true })];
  const messagesBehind = (count: number) => own.slice(count).flat().map(encodeEvent);
  const answer = (count: number) =>
    encodeProgress(
      own.slice(0, count).reduce<Progress>((progress, block) => withBlock(progress, committed(block)), null),
    );
  const text = (messages: readonly Uint8Array[]) => messages.map(message => Buffer.from(message).toString('hex'));

  /** A node that answers each question with this, and reports its other messages. */
  const node = (pair: Inproc, first: Uint8Array) => {
    const answers$ = new Subject<Uint8Array>();
    const heard = recorder<Uint8Array>();
    const subscription = pair.server({ replies$: answers$ }).subscribe(message => {
      if (message.length === 0) answers$.next(first);
      else heard.next(message);
    });
    return { heard, answer: (bytes: Uint8Array) => answers$.next(bytes), stop: () => subscription.unsubscribe() };
  };
  const run = (pair: Inproc, more: Partial<CoreOptions> = {}) =>
    lastValueFrom(marketCore(pair.client, { ...options, ...more }).pipe(toArray()));

  test.each([0, 1, 2, 3])('begins after the blocks that the node has committed: %p', async count => {
    const pair = inproc();
    const { heard, answer: say, stop } = node(pair, answer(count));
    const core = run(pair);
    const rest = messagesBehind(count);
    await heard.until(seen => seen.length === rest.length);
    say(answer(own.length));
    await core;
    expect(text(heard.seen)).toEqual(text(rest));
    stop();
  });

  test('sends nothing to a node that has everything', async () => {
    const pair = inproc();
    const { heard, stop } = node(pair, answer(own.length));
    await run(pair, { upgrade: true });
    expect(heard.seen).toEqual([]);
    stop();
  });

  test('a node that has restarted is asked again', async () => {
    const pair = inproc();
    const before = node(pair, answer(0));
    const lost = recorder<Error>();
    const core = run(pair, { lost: lost.next });
    await before.heard.until(seen => seen.length === messagesBehind(0).length);
    before.stop();
    await lost.until(seen => seen.length > 0);
    const { heard, answer: say, stop } = node(pair, answer(2));
    await heard.until(seen => seen.length === messagesBehind(2).length);
    say(answer(own.length));
    await core;
    expect(text(heard.seen)).toEqual(text(messagesBehind(2)));
    stop();
  });

  test('at a rate it sends the same', async () => {
    const pair = inproc();
    const { heard, answer: say, stop } = node(pair, answer(1));
    const core = run(pair, { blocksPerSecond: 1000 });
    await heard.until(seen => seen.length === messagesBehind(1).length);
    say(answer(own.length));
    await core;
    expect(text(heard.seen)).toEqual(text(messagesBehind(1)));
    stop();
  });

  test('N5c S6a after the last block it waits until the node is ready for the upgrade', async () => {
    const pair = inproc();
    const { heard, answer: say, stop } = node(pair, answer(0));
    const core = run(pair, { upgrade: true });
    await heard.until(seen => seen.length === messagesBehind(0).length + 1);
    expect(right(vegaDecoder.decode(heard.seen.at(-1)!))).toMatchObject({
      type: 'ProtocolUpgradeStarted',
      blockNr: 4,
      sequence: 1,
      payload: { lastBlockHeight: 3 },
    });
    say(answer(own.length));
    say(
      encodeEvent({
        type: 'ProtocolUpgradeDataNodeReady',
        blockNr: 3,
        sequence: 1,
        traceId: '',
        chainId: 'market-sim',
        txHash: '',
        payload: { lastBlockHeight: 3 },
      }),
    );
    expect((await core).at(-1)).toEqual({ type: 'Ready', height: 3 });
    stop();
  });
});
