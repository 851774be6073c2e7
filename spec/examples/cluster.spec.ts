// Data nodes over NATS JetStream, as processes of their own, with a server of their own.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { marketRun } from '../../examples/market/index.js';
import { compareTotals } from '../../examples/store/compareTotals.js';
import { openDatabase } from '../../examples/store/openDatabase.js';
import { start } from '../../examples/two-nodes/program.js';
import { fromPull } from '../../lib/flow/pull/fromPull.js';
import { jetStreamSink } from '../../lib/nats/sink/jetStreamSink.js';
import type { VegaEvent } from '../../lib/vega/VegaEvent.js';
import { encodeEvent } from '../../lib/vega/encodeEvent.js';
import { natsBinary } from '../nats/natsBinary.js';
import { connectTo, type NatsServer, startServer } from '../nats/natsServer.js';
import { type Database, newDatabase } from '../store/sql/database.js';

jest.setTimeout(180_000);

const example = (name: string): string => resolve(__dirname, `../../examples/${name}/index.ts`);
const binary = natsBinary('spec/examples/cluster.spec.ts');

(binary === undefined ? describe.skip : describe)('data nodes over JetStream', () => {
  let server: NatsServer;
  let database: Database | undefined;
  let directory = '';
  beforeAll(async () => {
    server = await startServer({ binary: binary! });
    database = await newDatabase();
    directory = mkdtempSync(join(tmpdir(), 'cluster-'));
  });
  afterAll(async () => {
    await server.remove();
    await database?.drop();
    rmSync(directory, { recursive: true });
  });

  test('J4 J10 J12e demo:cluster: a node is killed, and the totals are those of the simulator', async () => {
    if (database === undefined) return;
    const argv = ['--blocks', '40', '--partitions', '2', '--nats-url', server.url, '--database-url', database.url];
    const demo = start(example('cluster'), argv);
    const said: string[] = [];
    const collect = (line: string): undefined => void said.push(line);
    await demo.says(collect).catch(() => undefined);
    const text = said.join('\n');
    expect([await demo.ended, text]).toEqual([0, expect.stringContaining('All totals are equal.')]);
    expect(text).toMatch(/node a is killed: SIGKILL\n/);
    expect(text).toMatch(/end with 0 and 0\n/);
  });

  test('C3d a data node reads a stream; it is killed and started again, and each block is stored once', async () => {
    const blocks = 60;
    const connection = await connectTo(server.url);
    await (await jetstreamManager(connection)).streams.add({ name: 'EVENTS', subjects: ['events.all'] });
    const sink = jetStreamSink<VegaEvent>({
      connection,
      js: jetstream(connection),
      stream: 'EVENTS',
      subjectOf: () => 'events.all',
      encode: encodeEvent,
    });
    const run = marketRun({ seed: 1, blocks });
    await lastValueFrom(sink.publish(pause$ => fromPull(() => run.events, { pause$ })));
    const startNode = () =>
      start(example('node'), [], {
        RX_EVENT_BROKER_DIRECTORY: join(directory, 'data'),
        RX_EVENT_BROKER_LEVEL: 'debug',
        RX_EVENT_BROKER_USE_JET_STREAM: 'true',
        RX_EVENT_BROKER_JET_STREAM_SOURCE_CONFIG_URL: server.url,
        ...(database && { DATABASE_URL: database.url }),
      });
    const reached = (height: number) => (line: string) =>
      Number(/block (\d+) is committed$/.exec(line)?.[1]) >= height || undefined;
    const first = startNode();
    await first.says(reached(20));
    await first.kill('SIGKILL');
    const second = startNode();
    await second.says(reached(blocks));
    expect(await second.kill('SIGTERM')).toBe(0);
    await connection.close();

    const { client, close } = await openDatabase(database?.url, join(directory, 'data/pglite'));
    const compared = await compareTotals(client, run.totals(), blocks);
    await close();
    expect(compared.filter(({ stored, simulated }) => stored !== simulated)).toEqual([]);
  });
});
