import type { NatsConnection } from '../NatsConnection.js';

export interface ConnectionEvents {
  disconnected(): void;
  reconnected(): void;
  /** It was closed for good, by the program or because it gave up. */
  closed(error: unknown): void;
}

/** Reports what happens to a connection. Returns a function that ends this. */
export const followConnection = (connection: NatsConnection, events: ConnectionEvents): (() => void) => {
  let isLeft = false;
  const statuses = connection.status();
  const follow = async (): Promise<void> => {
    for await (const { type } of statuses) {
      if (isLeft) return;
      if (type === 'disconnect' || type === 'staleConnection') events.disconnected();
      else if (type === 'reconnect') events.reconnected();
    }
  };
  const closed = (error?: unknown): void => {
    if (!isLeft) events.closed(error);
  };
  follow().catch(closed);
  connection.closed().then(closed, closed);
  return () => {
    isLeft = true;
    // those of the clients can be stopped; what cannot ends with the connection
    (statuses as { stop?(): void }).stop?.();
  };
};
