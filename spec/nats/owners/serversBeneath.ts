import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectTo, startCluster, startServer, until } from '../natsServer.js';
import { PREFIX, STREAM } from './chain.js';

/** One server, or a cluster of three, with the stream and the bucket of the leases. */
export interface ServersBeneath {
  /** For `connect`, separated by commas. */
  readonly urls: string;
  readonly connection: NatsConnection;
  /** Kills the server, or the one that leads the stream, runs `meanwhile`, and starts it again. */
  killed(meanwhile: () => Promise<void>): Promise<void>;
  remove(): Promise<void>;
}

export const serversBeneath = async (binary: string, replicas: 1 | 3): Promise<ServersBeneath> => {
  const servers = replicas === 1 ? [await startServer({ binary })] : await startCluster({ binary });
  const urls = servers.map(({ url }) => url);
  const connection = await connectTo(urls);
  const { streams } = await jetstreamManager(connection, { checkAPI: false });
  await until('a stream', async () => {
    await streams.add({ name: STREAM, subjects: [`${PREFIX}.*`], num_replicas: replicas });
    return true;
  });
  await until('a bucket', async () => {
    await new Kvm(connection).create('leases', { replicas });
    return true;
  });
  /** `spec-1` is the second one. */
  const leader = async (): Promise<string | undefined> => (await streams.info(STREAM)).cluster?.leader;

  return {
    urls: urls.join(','),
    connection,
    async killed(meanwhile) {
      let server = servers[0]!;
      if (replicas > 1)
        await until('a leader', async () => {
          const name = await leader();
          if (name !== undefined) server = servers[Number(name.split('-')[1])]!;
          return name !== undefined;
        });
      await server.kill();
      await meanwhile();
      await server.start();
    },
    async remove() {
      await connection.close();
      await Promise.all(servers.map(each => each.remove()));
    },
  };
};
