// A real server: AMQP_URL, or RabbitMQ on this machine (Debian: apt-get install rabbitmq-server).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile, spawnSync } from 'node:child_process';
import { type AddressInfo, connect as dial, createServer, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ChannelModel, connect, type ConsumeMessage } from 'amqplib';
import { map, NEVER } from 'rxjs';
import type { OpenedSource } from 'rx-event-broker';
import { rabbitQueue } from '../../examples/rabbitmq/rabbitQueue.js';

const given = process.env['AMQP_URL'];
const url = given ?? 'amqp://127.0.0.1:5672';
const { hostname, port } = new URL(url);

const probe = `require('node:net').connect(${port || 5672}, ${JSON.stringify(hostname)}).once('connect', () => process.exit(0)).once('error', () => process.exit(1))`;
const isThere = spawnSync(process.execPath, ['-e', probe], { timeout: 5_000 }).status === 0;
// who names a server expects it
if (!isThere && given !== undefined) throw new Error('AMQP_URL: expected a RabbitMQ there, found none');
if (!isThere) console.warn(`SKIPPED: spec/examples/rabbitmq.spec.ts needs a RabbitMQ at ${hostname}, or AMQP_URL`);

const VALUES = ['a', 'b', 'c', 'd'];

(isThere ? describe : describe.skip)('the example of RabbitMQ', () => {
  let admin: ChannelModel;
  let count = 0;

  beforeAll(async () => {
    admin = await connect(url);
  });
  afterAll(() => admin.close());

  const newQueue = async (values: readonly string[] = VALUES): Promise<string> => {
    const channel = await admin.createConfirmChannel();
    const queue = `rx-event-broker-spec-${process.pid}-${Date.now()}-${count++}`;
    await channel.assertQueue(queue, { expires: 60_000 });
    for (const value of values) channel.sendToQueue(queue, Buffer.from(value));
    await channel.waitForConfirms();
    await channel.close();
    return queue;
  };

  const withChannel = async <R>(use: (channel: Awaited<ReturnType<ChannelModel['createChannel']>>) => Promise<R>) => {
    const channel = await admin.createChannel();
    const result = await use(channel);
    await channel.close();
    return result;
  };

  const textOf = (source: OpenedSource<ConsumeMessage>): OpenedSource<string> => {
    return (pause$, settlement) => source(pause$, settlement).pipe(map(({ content }) => content.toString()));
  };

  /** The queue by way of a proxy that can be cut. */
  const open = async (queue: string) => {
    const sockets = new Set<Socket>();
    const proxy = createServer(client => {
      const server = dial(Number(port || 5672), hostname);
      for (const socket of [client, server]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => [client, server].map(other => other.destroy()));
      }
      client.pipe(server).pipe(client);
    });
    await new Promise<void>(done => proxy.listen(0, '127.0.0.1', done));
    const cutUrl = new URL(url);
    cutUrl.hostname = '127.0.0.1';
    cutUrl.port = String((proxy.address() as AddressInfo).port);
    const cut = async (): Promise<void> => {
      const closed = new Promise(done => proxy.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    };
    return { cut, source: textOf(rabbitQueue({ url: cutUrl.href, queue, prefetch: 10, settlement: 'none' })) };
  };

  test('K1 a lost connection is its error, and so is a missing queue', async () => {
    const errorOf = (source: OpenedSource<string>, onValue: () => void = () => undefined): Promise<unknown> =>
      new Promise(done => source(NEVER).subscribe({ next: onValue, error: done }));
    const queue = await newQueue();
    const { cut, source } = await open(queue);
    expect(await errorOf(source, () => void cut())).toMatchObject({
      message: expect.stringMatching(/EPIPE|ECONNRESET|closed|lost/i),
    });
    await withChannel(channel => channel.deleteQueue(queue));
    const gone = textOf(rabbitQueue({ url, queue, prefetch: 10, settlement: 'none' }));
    expect(await errorOf(gone)).toMatchObject({ message: expect.stringMatching(/NOT.FOUND/) });
  });

  test('K1 the worker is killed, and no order is lost', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'examples/rabbitmq/index.ts'], {
      cwd: resolve(__dirname, '../..'),
      env: { ...process.env, AMQP_URL: url },
    });
    const printed = stdout.trim().split('\n');
    expect(printed.slice(0, 3)).toEqual(
      [50, 120, 200].map(done => `${done} of 200 are done; the worker is killed: SIGKILL`),
    );
    expect(printed.at(-1)).toMatch(/^200 orders: 0 lost, \d+ done again$/);
  });
});
