// The data node and its core as processes of their own.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { concat, from, lastValueFrom, NEVER, of, toArray } from 'rxjs';
import { marketBlocks } from '../../examples/market/index.js';
import { question } from '../../examples/node/progress.js';
import { type Program, start } from '../../examples/two-nodes/program.js';
import { bufferFiles } from '../../lib/source/disk/recordings/bufferFiles.js';
import { bufferOnDisk } from '../../lib/source/disk/buffer/bufferOnDisk.js';
import type { Notice } from '../../lib/flow/contract/Notice.js';
import { blockOf } from '../../lib/vega/blockOf.js';
import { socketClient } from '../../lib/source/socket/socketClient.js';
import { encodeEvent } from '../../lib/vega/encodeEvent.js';
import type { VegaEvent } from '../../lib/vega/VegaEvent.js';
import { recorder } from '../source/socket/recorder.js';
import { type Database, newDatabase } from '../store/sql/database.js';
import { bundled } from './bundled.js';

jest.setTimeout(120_000);

const root = resolve(__dirname, '../..');
const example = (name: string): string => resolve(root, `examples/${name}/index.ts`);

const programs = new Map<string, ReturnType<typeof bundled>>();
beforeAll(() => {
  for (const name of ['node', 'core']) programs.set(name, bundled(name));
});
afterAll(() => {
  for (const { folder } of programs.values()) rmSync(folder, { recursive: true });
});

let directory = '';
let database: Database | undefined;
const running = new Set<Program>();
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'node-'));
  database = await newDatabase();
});
afterEach(async () => {
  await Promise.all([...running].map(program => program.kill('SIGKILL')));
  running.clear();
  await database?.drop();
  rmSync(directory, { recursive: true });
});

/** A program that is ended with its test, whatever happens. */
const run = (name: 'node' | 'core', argv: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const program = start(programs.get(name)!.file, argv, environment);
  running.add(program);
  return program;
};
/** A data node: without a PostgreSQL it stores into PGlite. */
const startNode = async (environment: Readonly<Record<string, string>> = {}, argv: readonly string[] = []) => {
  const node = run('node', argv, {
    RX_EVENT_BROKER_DIRECTORY: join(directory, 'data'),
    RX_EVENT_BROKER_SOCKET_CONFIG_PORT: '0',
    RX_EVENT_BROKER_LEVEL: 'debug',
    ...(database && { DATABASE_URL: database.url }),
    ...environment,
  });
  const stored = await node.says(line => /the database has (.*)$/.exec(line)?.[1]);
  const port = await node.says(line => /listens on .*:(\d+)$/.exec(line)?.[1]);
  return { node, port, stored };
};

const named = ({ type, blockNr, sequence, traceId, txHash, payload }: VegaEvent) => ({
  type,
  blockNr,
  sequence,
  traceId,
  txHash,
  payload,
});

/** A folder that holds this file alone. */
const oneFile = (file: string, parent: string): string => {
  const folder = join(parent, 'kept');
  mkdirSync(folder);
  copyFileSync(file, join(folder, 'kept.evt'));
  return folder;
};

/** The blocks that a core sends, the first height twice. */
const blocksOf = (blocks: number) => [...marketBlocks({ seed: 1, blocks, firstBlockTwice: true })];

/** A core that asks for the node's progress after everything else: an answer says that the node has received it all. */
const sending = (port: string, events: readonly VegaEvent[]) =>
  socketClient({
    host: '127.0.0.1',
    port: Number(port),
    messages$: concat(from(events.map(encodeEvent)), of(question), NEVER),
  });

describe('the data node', () => {
  test('C2 with invalid settings it reports them, and starts nothing', async () => {
    const config = join(directory, 'node.json');
    const data = join(directory, 'data');
    writeFileSync(config, JSON.stringify({ directory: data, socketConfig: { port: 'high' }, colour: 'red' }));
    const node = promisify(execFile)(process.execPath, ['--import', 'tsx', example('node'), '--config', config], {
      cwd: root,
      env: { ...process.env, RX_EVENT_BROKER_EVENT_BUS_CLIENT_BUFFER_SIZE: '-1' },
    });
    await expect(node).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        [
          'node: invalid configuration (3 problems):',
          'socketConfig.port: expected a port, 0 to 65535, found "high"',
          'RX_EVENT_BROKER_EVENT_BUS_CLIENT_BUFFER_SIZE: expected a whole number of events, 0 or more, found -1',
          'colour: expected a known key (chainId, directory, databaseUrl, level, ',
        ]
          .map(line => line.replaceAll(/[()]/g, '\\$&'))
          .join('[^]*'),
      ) as unknown as string,
    });
    expect(readdirSync(directory)).toEqual(['node.json']);
    expect(existsSync(data)).toBe(false);
  });

  test('N1 a message that is not an event of the chain, or does not follow, ends its connection and not the node', async () => {
    const { node, port } = await startNode();
    const [begin] = blocksOf(2)[0]!;
    const begins = { ...named(begin!), chainId: 'market-sim' };
    const bad: readonly (readonly [Uint8Array, RegExp])[] = [
      [new TextEncoder().encode('no event\n\u001b[2J'), /that was rejected: event: expected/],
      [encodeEvent({ ...begins, chainId: 'other' } as VegaEvent), /found one of chain "other"/],
      [encodeEvent({ ...begins, blockNr: 7 } as VegaEvent), /expected height 7, found 1/],
      [encodeEvent(blocksOf(5).at(-1)![0]!), /expected the begin of block 1, found 5-1 .*later events are left out/],
    ];
    for (const [message, said] of bad) {
      const sender = socketClient({
        host: '127.0.0.1',
        port: Number(port),
        messages$: concat(of(message), NEVER),
        dialTimeout: 0,
      });
      await expect(lastValueFrom(sender)).rejects.toMatchObject({ name: 'DialTimeoutError' });
      await node.complains(line => said.exec(line));
    }
    const core = run('core', ['--blocks', '3', '--port', port]);
    expect(await core.ended).toBe(0);
    await node.kill('SIGKILL');
    const again = await startNode();
    expect(again.stored).toBe('block 3');
    expect(await again.node.kill('SIGTERM')).toBe(0);
  });

  test('D5 a buffered message that is not a valid event is set aside, in some cases only with --set-aside, and the node continues', async () => {
    const data = join(directory, 'data');
    mkdirSync(join(data, 'buffer'), { recursive: true });
    const other = encodeEvent({ ...named(blocksOf(1)[0]![0]!), chainId: 'other' } as VegaEvent);
    const messages = [Uint8Array.of(1, 2, 3), other];
    // what was written before there was a door
    const source = concat(from(messages), NEVER);
    const notices = recorder<Notice>();
    const given = recorder<Uint8Array>();
    const acknowledge = { blockOf, done$: NEVER };
    const buffered = bufferOnDisk(source, { directory: join(data, 'buffer'), acknowledge, notices })(NEVER).subscribe(
      given.next,
    );
    await given.until(seen => seen.length === 2);
    buffered.unsubscribe();
    await notices.until(seen => seen.some(({ type }) => type === 'Released'));
    const ends = await startNode();
    await ends.node.complains(line => /^error .*found one of chain "other".*--set-aside/.exec(line));
    expect(await ends.node.ended).toBe(1);
    const { node, port } = await startNode({}, ['--set-aside']);
    const file = await node.complains(
      line => /set aside in (.*\.evt): event 1-1: expected an event of chain/.exec(line)?.[1],
    );
    expect(await run('core', ['--blocks', '3', '--port', port]).ended).toBe(0);
    expect(await node.kill('SIGTERM')).toBe(0);
    const kept = await lastValueFrom(bufferFiles({ directory: oneFile(file, directory) }).pipe(toArray()));
    expect(kept.map(message => [...message])).toEqual(messages.map(message => [...message]));
  });

  test('S8 on SIGTERM it stores what it has received, and ends with 0; an incomplete block comes again', async () => {
    const blocks = blocksOf(60);
    const half = blocks.at(-1)!.slice(0, 5);
    const { node, port } = await startNode();
    const answers = recorder<Uint8Array>();
    const core = sending(port, [...blocks.slice(0, -1).flat(), ...half]).subscribe(answers.next);
    await answers.until(seen => seen.length > 0); // so it has taken everything before the question
    expect(await node.kill('SIGTERM')).toBe(0);
    core.unsubscribe();

    const again = await startNode();
    expect(again.stored).toBe('block 59');
    const rest = run('core', ['--blocks', '61', '--port', again.port]);
    expect(await rest.ended).toBe(0);
    await again.node.says(line => line.endsWith('block 61 is committed') || undefined);
    expect(await again.node.kill('SIGTERM')).toBe(0);
  });

  test('D5 killed, it continues with the messages in its buffer, even if no core reconnects', async () => {
    const { node, port } = await startNode();
    const answers = recorder<Uint8Array>();
    const core = sending(port, blocksOf(300).flat()).subscribe(answers.next);
    await answers.until(seen => seen.length > 0);
    core.unsubscribe();
    await node.says(line => line.endsWith('block 1 is committed') || undefined);
    expect(await node.kill('SIGKILL')).toBe('SIGKILL');

    const again = await startNode();
    const next = Number(/\d+/.exec(again.stored)?.[0]) + 1;
    await again.node.says(line => line.endsWith(`block ${next} is committed`) || undefined);
  });

  test('N5b N5c it answers a core that has stopped for an upgrade, and ends with 0', async () => {
    const { node, port } = await startNode();
    const core = run('core', ['--blocks', '5', '--upgrade', '--port', port]);
    expect(await core.says(line => /ready for the upgrade after block (\d+)/.exec(line)?.[1])).toBe('5');
    expect(await core.ended).toBe(0);
    expect(await node.ended).toBe(0);
    expect((await startNode()).stored).toBe('block 5');
  });

  test('D7 a second node on the same folder is rejected', async () => {
    const { node } = await startNode();
    await expect(startNode()).rejects.toThrow(/the folder is in use by process \d+/);
    expect(await node.kill('SIGTERM')).toBe(0);
  });

  test.each([false, true])('C1j a row that the database rejects, panicOnError %p', async panicOnError => {
    if (database === undefined) return;
    const client = await database.connect();
    await client.query(
      'create table trades (block bigint, id text, market text, size numeric, constraint none check (size < 0))',
    );
    const { node, port } = await startNode({ RX_EVENT_BROKER_PANIC_ON_ERROR: String(panicOnError) });
    const core = run('core', ['--blocks', '3', '--port', port]);
    expect(await (panicOnError ? node.ended : core.ended)).toBe(panicOnError ? 1 : 0);
    const { rows } = await client.query(
      'select (select count(*)::int from trades) as trades, (select max(height)::int from block_store_blocks) as height',
    );
    await client.end();
    expect(rows).toEqual([{ trades: 0, height: panicOnError ? 1 : 3 }]);
  });

  test('C1 transportType inproc: a core in the same process', async () => {
    const node = run('node', [], {
      RX_EVENT_BROKER_DIRECTORY: join(directory, 'data'),
      RX_EVENT_BROKER_SOCKET_CONFIG_TRANSPORT_TYPE: 'inproc',
      RX_EVENT_BROKER_LEVEL: 'debug',
      ...(database && { DATABASE_URL: database.url }),
    });
    await node.says(line => line.endsWith('block 2 is committed') || undefined);
    expect(await node.kill('SIGINT')).toBe(0);
  });
});

test('D5 S11 killed three times while a core sends: the database has every block once', async () => {
  const args = ['--import', 'tsx', example('two-nodes'), '--blocks', '60'];
  if (database !== undefined) args.push('--database-url', database.url);
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout.match(/the node is killed: SIGKILL\n/g)).toHaveLength(3);
  expect(stdout).toContain('the core ends with 0\nthe node is asked to stop, and ends with 0\n');
  expect(stdout).toMatch(/^blocks +60 by SQL = 60 by the simulator$/m);
  expect(stdout).toContain('All totals are equal.\n');
});
