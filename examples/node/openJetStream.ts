import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { Config } from 'rx-event-broker/node';
import { kvPosition } from 'rx-event-broker/nats';
import { unreachable } from '../terminal/unreachable.js';

/** A connection to the server of the configuration, and the position of the node in its bucket. */
export const openJetStream = async ({
  jetStreamSourceConfig: { url, bucket, key },
}: Config): Promise<{ readonly connection: NatsConnection; readonly position: ReturnType<typeof kvPosition> }> => {
  const failed = unreachable('NATS JetStream', url);
  const options = { servers: url.split(','), maxReconnectAttempts: -1, pingInterval: 5000 };
  const connection = await connect(options).catch(failed);
  try {
    return { connection, position: kvPosition(await new Kvm(connection).create(bucket), key) };
  } catch (error) {
    await connection.close();
    return failed(error);
  }
};
