import { writeError } from '../flow/reporter.js';
import type { NatsConnection } from './NatsConnection.js';

/** Who wants to know what becomes of a connection. */
export interface ConnectionFollower {
  /** It is lost. What was sent and not answered may have arrived or not. */
  disconnected(): void;
  reconnected(): void;
  /** It is closed for good. */
  closed(): void;
}

interface Followed {
  readonly followers: Set<ConnectionFollower>;
  isOnline: boolean;
}

/** One listener for each connection, until it is closed: however often it is followed. */
const all = new WeakMap<object, Followed>();

/**
 * Follows a connection. A follower that comes while it is lost or closed is told so at once. Returns what ends it.
 */
export const followConnection = (connection: NatsConnection, follower: ConnectionFollower): (() => void) => {
  let followed = all.get(connection);
  if (followed === undefined) {
    followed = { followers: new Set(), isOnline: true };
    all.set(connection, followed);
    void listen(connection, followed);
  }
  const { followers } = followed;
  followers.add(follower);
  if (connection.isClosed()) follower.closed();
  else if (!followed.isOnline) follower.disconnected();
  return () => followers.delete(follower);
};

const listen = async (connection: NatsConnection, followed: Followed): Promise<void> => {
  const tell = (what: keyof ConnectionFollower): void => {
    for (const follower of [...followed.followers]) {
      if (followed.followers.has(follower)) follower[what]();
    }
  };
  try {
    for await (const { type } of connection.status()) {
      if (type !== 'disconnect' && type !== 'reconnect') continue;
      followed.isOnline = type === 'reconnect';
      tell(followed.isOnline ? 'reconnected' : 'disconnected');
    }
  } catch (error) {
    writeError('the status of a NATS connection failed', error);
  }
  // the listeners end a little before the connection says that it is closed
  await connection.closed().catch(() => undefined);
  tell('closed');
};
