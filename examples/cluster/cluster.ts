import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

/** The stream of the demo, and the bucket of its partitions. */
export const STREAM = 'RX_CLUSTER_DEMO';
export const PREFIX = 'rx-cluster-demo';
const BUCKET = 'rx-cluster-demo';

export const openBucket = (connection: NatsConnection): Promise<KV> => new Kvm(connection).create(BUCKET);

/** Recreates both, without the data of an earlier demo. */
export const makeAnew = async (connection: NatsConnection): Promise<void> => {
  const { streams } = await jetstreamManager(connection);
  for (const name of [STREAM, `KV_${BUCKET}`]) await streams.delete(name).catch(() => undefined);
  await streams.add({
    name: STREAM,
    subjects: [`${PREFIX}.*`],
    storage: 'file',
    retention: 'limits',
    discard: 'new',
    num_replicas: 1,
  });
  await openBucket(connection);
};
