// What a data node does with messages that are no events of its chain, and with those that do not follow.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isLeft } from 'fp-ts/lib/Either.js';
import { filter, firstValueFrom, from, lastValueFrom, NEVER, Subject } from 'rxjs';
import { marketBlocks } from '../../examples/market/index.js';
import { dataNode } from '../../examples/node/dataNode.js';
import { eachOnce } from '../../examples/node/eachOnce.js';
import { logger, logNotice, messageOf } from '../../examples/node/logger.js';
import { main } from '../../examples/node/main.js';
import { meter } from '../../examples/node/meter.js';
import { printable } from '../../examples/node/printable.js';
import { wrongWith } from '../../examples/node/readEvent.js';
import { setAside } from '../../examples/node/setAside.js';
import { makeTables } from '../../examples/store/storeMarket.js';
import { decodeConfig } from '../../lib/config/decodeConfig.js';
import { readRawEvent } from '../../lib/source/disk/recordings/readRawEvent.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { recordToFile } from '../../lib/source/disk/recordings/recordToFile.js';
import { encodeEvent } from '../../lib/vega/encodeEvent.js';
import type { VegaEvent } from '../../lib/vega/VegaEvent.js';
import { newDatabase, type Database } from '../store/sql/database.js';

const blocks = [...marketBlocks({ seed: 3, blocks: 8, ordersPerBlock: 3, firstBlockTwice: true })];
const events = blocks.flat();
const own = (event: VegaEvent, changes: object): Uint8Array => {
  const { type, blockNr, sequence, traceId, chainId, txHash, payload } = event;
  return encodeEvent({ type, blockNr, sequence, traceId, chainId, txHash, payload, ...changes } as VegaEvent);
};

describe('N1 the check of incoming messages in the data node', () => {
  const check = wrongWith('market-sim');
  const [begin] = blocks[0]!;

  test('every event of a core is accepted, and its question', () => {
    expect(events.map(encodeEvent).map(check).filter(Boolean)).toEqual([]);
    expect(check(new Uint8Array(0))).toBeUndefined();
  });

  test('no event is accepted that the node could not store', () => {
    const header = encodeEvent(begin!);
    const cases: readonly (readonly [string, Uint8Array, string])[] = [
      ['a text', new TextEncoder().encode('\u0000no event\n\u001b[2J'), 'DecodeError'],
      ['one zero', new Uint8Array(1), 'DecodeError'],
      ['the half of one', header.subarray(0, header.length / 2), 'DecodeError'],
      ['another chain', own(begin!, { chainId: 'other\n\u001b[2J' }), 'ChainIdError'],
      ['another height in its payload', own(begin!, { blockNr: 77 }), 'DecodeError'],
    ];
    for (const [, message, name] of cases) {
      const wrong = check(message);
      expect(wrong?.name).toBe(name);
      // eslint-disable-next-line no-control-regex
      expect(wrong?.message).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    }
  });
});

describe('S11 eachOnce, if the events have a gap', () => {
  const run = (sent: readonly VegaEvent[]) => {
    const passed: VegaEvent[] = [];
    const gaps: string[] = [];
    from(sent)
      .pipe(eachOnce(null, ({ message }) => gaps.push(message)))
      .subscribe(event => passed.push(event));
    return { passed, gaps };
  };

  test('it waits for the missing event, reports it once, and continues when it arrives', () => {
    const numbered = events.findIndex(
      (e, i) => i > 20 && e.compositeCount === 1 && events[i + 1]!.sequence === e.sequence + 1,
    );
    const { passed, gaps } = run([...events.filter((_, at) => at !== numbered), ...events]);
    expect(passed).toEqual(events);
    const { blockNr, sequence } = events[numbered]!;
    expect(gaps).toEqual([
      expect.stringContaining(`expected ${blockNr}-${sequence}, found ${blockNr}-${sequence + 1}`),
    ]);
  });

  test('a block that is missing, its begin, or its end', () => {
    for (const missing of [blocks[4]!, [blocks[4]![0]!], [blocks[4]!.at(-1)!]]) {
      const { passed, gaps } = run([...events.filter(event => !missing.includes(event)), ...events]);
      expect(passed).toEqual(events);
      expect(gaps.length).toBe(1);
    }
  });

  test('for any losses, disconnects and restarts of a core: nothing out of order, nothing twice', () => {
    const sent = fc.array(
      fc.record({ from: fc.nat({ max: blocks.length - 1 }), length: fc.nat({ max: 80 }), lost: fc.nat({ max: 80 }) }),
      { maxLength: 12 },
    );
    // That an event is lost that stands for no records cannot be seen, nor that a first block is, which may come once or twice.
    const visible = blocks.map(block => block.filter(({ compositeCount }) => compositeCount > 0));
    const all = visible.flat();
    const isLost = (event: VegaEvent) => event.type !== 'BeginBlock' || event.blockNr > 1;
    fc.assert(
      fc.property(sent, connections => {
        const stream: VegaEvent[] = [];
        for (const { from: start, length, lost } of connections) {
          // a core learns which blocks are stored, and begins with the next one or before it
          const whole = run(stream).passed.filter(({ type }) => type === 'EndBlock').length;
          const first = visible.slice(0, Math.min(start, whole)).flat().length;
          stream.push(...all.slice(first, first + length).filter((event, at) => at !== lost || !isLost(event)));
        }
        const { passed } = run(stream);
        expect(passed).toEqual(all.slice(0, passed.length));
        expect(run([...stream, ...all]).passed).toEqual(all);
      }),
      {
        numRuns: 300,
        examples: [
          [
            [
              // the begin of the block is lost the second time
              { from: 0, length: 65, lost: 0 },
              { from: 0, length: 2, lost: 0 },
              { from: 2, length: 2, lost: 0 },
            ],
          ],
          [
            [
              // the begin of a block is lost that the connection before began
              { from: 0, length: 54, lost: 0 },
              { from: 1, length: 30, lost: 30 },
              { from: 4, length: 2, lost: 2 },
              { from: 4, length: 3, lost: 0 },
            ],
          ],
        ],
      },
    );
  });

  test('a core that continues after a gap is reported repeatedly, but not for each event', () => {
    const rest = events.slice(30);
    const many = Array.from({ length: 25_000 }, (_, i) => rest[i % rest.length]!);
    expect(run([...events.slice(0, 20), ...many]).gaps.length).toBe(3);
  });
});

describe('what is set aside', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'node-aside-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('R1 is in one file of recorded messages; without any there is none', async () => {
    const aside = setAside(directory);
    aside.close();
    expect(readdirSync(directory)).toEqual([]);
    const file = aside.keep(Uint8Array.of(1, 2, 3));
    expect(aside.keep(new Uint8Array(0))).toBe(file);
    aside.close();
    expect(await readRawEvent(file, 0)).toMatchObject({
      value: { sequenceNumber: 0n, message: Uint8Array.of(1, 2, 3) },
    });
    expect(readdirSync(directory).length).toBe(1);
  });

  test('a message that cannot be kept is an error', () => {
    const aside = setAside(join(directory, 'none'));
    expect(() => aside.keep(Uint8Array.of(1))).toThrow('ENOENT');
    expect(existsSync(join(directory, 'none'))).toBe(false);
  });
});

describe('S7 an event that cannot be stored, nor set aside', () => {
  let database: Database | undefined;
  beforeAll(async () => {
    database = await newDatabase();
  });
  afterAll(async () => {
    await database?.drop();
  });

  test('ends the node; its block is not committed', async () => {
    if (database === undefined) return;
    const directory = mkdtempSync(join(tmpdir(), 'node-unkept-'));
    const client = await database.connect();
    await makeTables(client);
    const trade = events.find(({ type }) => type === 'Trade')!;
    const messages = events.map(event =>
      event === trade
        ? own(event, { payload: { ...(event.payload as object), id: 'not a text of PostgreSQL: \0' } })
        : encodeEvent(event),
    );
    await lastValueFrom(from(messages).pipe(recordToFile(join(directory, 'events.evt'))));
    const config = decodeConfig({ useEventFile: true, fileEventSourceConfig: { directory, timeBetweenBlocks: 0 } });
    if (isLeft(config)) throw config.left;
    const full = new Error('no space left');
    const notices = new Subject<Notice>();
    const released = firstValueFrom(
      notices.pipe(
        filter(({ type, ...rest }) => type === 'Released' && 'what' in rest && rest.what.startsWith('block store')),
      ),
    );
    const node$ = dataNode({
      config: config.right,
      chainId: 'market-sim',
      directory,
      databaseUrl: '',
      database: { client, copy: () => Promise.reject(new Error('not used')), close: () => Promise.resolve() },
      stored: null,
      stop$: NEVER,
      meter: meter(undefined),
      listening: { next: () => {} },
      notices,
      aside: {
        keep: () => {
          throw full;
        },
        close: () => {},
      },
      setsAside: true,
      warn: () => {},
    });
    await expect(lastValueFrom(node$)).rejects.toBe(full);
    await released;
    const { rows } = await client.query('select coalesce(max(height), 0)::int as height from block_store_blocks');
    expect(rows).toEqual([{ height: trade.blockNr - 1 }]);
    rmSync(directory, { recursive: true });
  });
});

describe('the messages of the data node', () => {
  const evil = 'x"\n\u001b[2Jinfo  block 9\u0007\u009b\u202e';

  test('a text from outside moves no cursor, and forges no line', () => {
    expect(printable(evil)).toBe('x"\n  \\u001b[2Jinfo  block 9\\u0007\\u009b\\u202e');
    const lines: string[] = [];
    const screen = { write: (text: string) => lines.push(text) } as never;
    const log = logger('debug', screen, screen);
    logNotice(log, {
      type: 'Failed',
      subscriber: { id: 1, key: 1, name: evil },
      events: [],
      error: new Error(evil),
      attempts: 1,
    });
    expect(lines.length).toBe(1);
    // eslint-disable-next-line no-control-regex
    expect(lines[0]).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|\n(?! {2}|$)/);
  });

  test.each([[undefined], [null], ['x'], [{}], [Symbol('x')], [new Error('')]])(
    '%p that was thrown has words',
    error => {
      expect(messageOf(error)).not.toBe('');
    },
  );

  test('C2 settings of any depth are rejected with a message', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'node-deep-'));
    const file = join(directory, 'node.json');
    const deep = '['.repeat(5000) + ']'.repeat(5000);
    writeFileSync(file, `{"level": ${deep}, "chainId": ${deep}, "ev\\nil\\u001b": 1}`);
    const said: string[] = [];
    const screen = { write: (text: string) => said.push(text) } as never;
    const code = await main(['--config', file], { env: {}, out: screen, err: screen, stop$: from([]) });
    rmSync(directory, { recursive: true });
    expect(code).toBe(1);
    expect(said.join('')).toContain('level: expected one of debug, info, warn, error, found [[[…]]]');
    expect(said.join('')).toContain('chainId: expected a text that is not empty, found [');
    expect(said.join('')).toContain('  ev\\nil\\u001b: expected a known key');
  });
});
