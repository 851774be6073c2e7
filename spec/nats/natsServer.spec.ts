import { describe, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { natsBinary } from './natsBinary.js';
import { connectTo, startCluster, startServer, until } from './natsServer.js';

const binary = natsBinary('spec/nats');

(binary === undefined ? describe.skip : describe)('what the specs of NATS stand on', () => {
  test('a server keeps what was stored when it is killed and started again', async () => {
    const server = await startServer({ binary: binary! });
    const nc = await connectTo(server.url);
    const manager = await jetstreamManager(nc);
    await manager.streams.add({ name: 'S', subjects: ['s.>'] });
    await jetstream(nc).publish('s.a', 'one');
    await server.kill();
    await server.start();
    await until('the message', async () => (await manager.streams.info('S')).state.messages === 1);
    await nc.close();
    await server.remove();
  });

  test('a cluster of three has streams with three replicas', async () => {
    const servers = await startCluster({ binary: binary! });
    const nc = await connectTo(servers.map(({ url }) => url));
    const manager = await jetstreamManager(nc);
    const { config } = await manager.streams.add({ name: 'S', subjects: ['s.>'], num_replicas: 3 });
    expect(config.num_replicas).toBe(3);
    await jetstream(nc).publish('s.a', 'one');
    await nc.close();
    await Promise.all(servers.map(server => server.remove()));
  });
});
