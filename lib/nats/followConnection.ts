import { writeError } from '../flow/reporter.js';
import type { NatsConnection } from './NatsConnection.js';

/** Receives the state changes of a connection. */
export interface ConnectionFollower {
  /** The connection is lost. Requests without a reply may or may not have arrived. */
  disconnected(): void;
  reconnected(): void;
  /** The connection is permanently closed. */
  closed(): void;
}

interface Followed {
  readonly followers: Set<ConnectionFollower>;
  isOnline: boolean;
}

/** One status listener for each connection, shared by all its followers. It runs until the connection is closed. */
const all = new WeakMap<object, Followed>();

/**
 * Follows a connection. If the connection is already lost or closed, the follower is notified inside this call. Returns
 * a function that removes the follower.
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
  const notifyAll = (what: keyof ConnectionFollower): void => {
    for (const follower of [...followed.followers]) {
      if (followed.followers.has(follower)) follower[what]();
    }
  };
  try {
    for await (const { type } of connection.status()) {
      if (type !== 'disconnect' && type !== 'reconnect') continue;
      followed.isOnline = type === 'reconnect';
      notifyAll(followed.isOnline ? 'reconnected' : 'disconnected');
    }
  } catch (error) {
    writeError('the status of a NATS connection failed', error);
  }
  // the status iterator ends slightly before `closed` resolves
  await connection.closed().catch(() => undefined);
  notifyAll('closed');
};
