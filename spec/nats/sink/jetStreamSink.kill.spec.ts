import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { from, lastValueFrom, Subject, tap, toArray } from 'rxjs';
import type { Notice } from '../../../lib/index.js';
import type { JetStreamPublisher } from '../../../lib/nats/sink/JetStreamPublisher.js';
import { jetStreamSink } from '../../../lib/nats/sink/jetStreamSink.js';
import type { JetStreamSinkOptions } from '../../../lib/nats/sink/JetStreamSinkOptions.js';
import { random as rng } from '../../../examples/market/random.js';
import { natsBinary } from '../natsBinary.js';
import { connectTo, startCluster, startServer, type NatsServer } from '../natsServer.js';
import { tcpProxy } from '../tcpProxy.js';
import { streamOn, textOf, upTo, type StreamUnderTest } from './streamUnderTest.js';

const binary = natsBinary('spec/nats/sink');
/** In ns: what was sent is sent again after it. */
const SHORT = { duplicate_window: 100_000_000 };

(binary === undefined ? describe.skip : describe)('jetStreamSink, when something is killed', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startServer({ binary: binary! });
  });
  afterAll(() => server.remove());

  const sinkTo = (stream: StreamUnderTest, options: Partial<JetStreamSinkOptions<number>> = {}) =>
    jetStreamSink<number>({
      connection: stream.nc,
      js: stream.js,
      stream: stream.name,
      subjectOf: (n: number) => `${stream.name.toLowerCase()}.${n % 3}`,
      encode: textOf,
      ...options,
    } as JetStreamSinkOptions<number>);

  /** Each subject has its values in order, each once; gives all of them. */
  const inOrder = async (stream: StreamUnderTest): Promise<readonly number[]> => {
    const stored = await stream.stored();
    for (const subject of new Set(stored.map(message => message.subject))) {
      const own = stored.filter(message => message.subject === subject).map(({ text }) => Number(text));
      expect(own).toEqual([...new Set(own)].sort((a, b) => a - b));
    }
    return stored.map(({ text }) => Number(text)).sort((a, b) => a - b);
  };

  /** Calls `when` once that many are in flight. */
  const watched = (js: JetStreamPublisher, count: number, when: () => void): JetStreamPublisher => {
    let open = 0;
    let isDone = false;
    return {
      publish: (...args) => {
        if (++open >= count && !isDone) {
          isDone = true;
          setImmediate(when);
        }
        return js.publish(...args).finally(() => open--);
      },
    };
  };

  test.each([
    ['stream', {}],
    ['stream', SHORT],
    ['subject', SHORT],
  ] as const)(
    'J13i, J14f a server killed with a window in flight: nothing lost, doubled or overtaken (%s %j)',
    async (writer, config) => {
      const stream = await streamOn(server, config);
      const confirmed: number[] = [];
      const kill = async (): Promise<void> => {
        await server.kill();
        await server.start();
      };
      let restarted: Promise<void> | undefined;
      const js = watched(stream.js, writer === 'stream' ? 256 : 3, () => {
        restarted = kill();
      });
      const notices = new Subject<Notice>();
      const seen: string[] = [];
      notices.subscribe(({ type }) => seen.push(type));
      await lastValueFrom(
        sinkTo(stream, { js, writer, notices })
          .publish(from(upTo(3000)))
          .pipe(tap(({ value }) => confirmed.push(value))),
      );
      await restarted;
      expect(restarted).toBeDefined();
      expect(confirmed).toEqual(upTo(3000));
      expect(await inOrder(stream)).toEqual(upTo(3000));
      expect(seen[0]).toBe('Waiting');
      expect(seen.at(-1)).toBe('Released');
      await stream.remove();
    },
    60_000,
  );

  test('J13i, J14f the leader of three replicas is killed with a window in flight', async () => {
    const cluster = await startCluster({ binary: binary! });
    const stream = await streamOn({ url: cluster.map(({ url }) => url) }, { ...SHORT, num_replicas: 3 });
    let killed: Promise<number> | undefined;
    const kill = async (): Promise<number> => {
      const leader = await stream.leader();
      await cluster[leader]!.kill();
      return leader;
    };
    const js = watched(stream.js, 256, () => {
      killed = kill();
    });
    const values = await lastValueFrom(
      sinkTo(stream, { js, timeout: 2000 })
        .publish(from(upTo(20_000)))
        .pipe(toArray()),
    );
    expect(await killed).toBeGreaterThanOrEqual(0);
    expect(values.map(({ value }) => value)).toEqual(upTo(20_000));
    expect(await inOrder(stream)).toEqual(upTo(20_000));
    await stream.remove();
    await Promise.all(cluster.map(each => each.remove()));
  }, 60_000);

  test('J13j a connection that is cut at any byte: nothing lost, doubled or overtaken', async () => {
    const stream = await streamOn(server, SHORT);
    const random = rng(7);
    const proxy = await tcpProxy(Number(new URL(server.url).port), {
      toServer: { cutAfter: () => 2000 + random.int(60_000) },
    });
    const nc = await connectTo(proxy.url, { reconnectTimeWait: 5 });
    const values = await lastValueFrom(
      sinkTo(stream, { connection: nc, js: jetstream(nc) })
        .publish(from(upTo(2000)))
        .pipe(toArray()),
    );
    expect(proxy.cuts).toBeGreaterThan(5);
    expect(values.map(({ value }) => value)).toEqual(upTo(2000));
    expect(await inOrder(stream)).toEqual(upTo(2000));
    await nc.close();
    await proxy.close();
    await stream.remove();
  }, 60_000);

  test('J13k nothing confirmed for giveUpAfter is an error, with the number of messages', async () => {
    const own = await startServer({ binary: binary! });
    const stream = await streamOn(own);
    const sink = sinkTo(stream, { timeout: 100, giveUpAfter: 500 });
    await sink.nextBatch([1]);
    own.freeze();
    await expect(sink.nextBatch([2, 3])).rejects.toMatchObject({
      name: 'UnconfirmedError',
      count: 2,
      giveUpAfter: 500,
    });
    own.thaw();
    await stream.remove();
    await own.remove();
  });

  test('J14g a writer killed eight times, with placeOf: each value once, in order', async () => {
    const stream = await streamOn(server, SHORT);
    const directory = mkdtempSync(join(tmpdir(), 'rx-event-broker-sink-'));
    const program = join(directory, 'writer.mjs');
    buildSync({
      entryPoints: [join(process.cwd(), 'spec/nats/sink/killableWriter.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    });
    const random = rng(3);
    const total = 4000;
    let settled = 0;
    let killed = 0;
    const confirmed: number[] = [];
    while (settled < total) {
      const after = killed < 8 ? settled + 1 + random.int(300) : Infinity;
      const args = [
        server.url,
        stream.name,
        stream.name.toLowerCase(),
        settled + 1,
        total,
        killed % 2 ? 'subject' : 'stream',
      ];
      const child = spawn(process.execPath, [program, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] });
      let [out, err] = ['', ''];
      child.stderr.on('data', (data: Buffer) => (err += data.toString()));
      child.stdout.on('data', (data: Buffer) => {
        out += data.toString();
        if (Number(out.split('\n').at(-2)) >= after) child.kill('SIGKILL');
      });
      const code = await new Promise<number | null>(resolve => child.on('close', resolve));
      if (code === null) killed++;
      else if (code !== 0) throw new Error(`the writer ended with ${code}: ${err}`);
      const lines = out.split('\n').slice(0, -1).map(Number);
      confirmed.push(...lines);
      settled = lines.at(-1) ?? settled;
    }
    rmSync(directory, { recursive: true });
    expect(killed).toBe(8);
    expect(confirmed).toEqual(upTo(total));
    expect(await inOrder(stream)).toEqual(upTo(total));
    await stream.remove();
  }, 60_000);
});
