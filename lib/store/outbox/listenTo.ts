import { quoteColumn } from '../sql/names.js';
import type { SqlClient } from '../sql/SqlClient.js';

/** A `PGlite`. */
interface Listening {
  listen(channel: string, callback: () => void): Promise<() => Promise<void>>;
}

type Listener = (value: never) => void;

/** A `Client` or `PoolClient` of `pg`. */
interface Emitting {
  on(event: string, listener: Listener): unknown;
  removeListener(event: string, listener: Listener): unknown;
}

const has = (client: object, method: string): boolean =>
  typeof (client as Readonly<Record<string, unknown>>)[method] === 'function';

const listens = (client: object): client is Listening => has(client, 'listen');
const emits = (client: object): client is Emitting => has(client, 'on') && has(client, 'removeListener');

/**
 * Calls `notified` at each NOTIFY on the channel, if the client supports it. Resolves to a function that stops listening.
 */
export const listenTo = async (
  client: SqlClient,
  channel: string,
  notified: () => void,
): Promise<() => Promise<void>> => {
  const name = quoteColumn(channel);
  if (listens(client)) {
    const unlisten = await client.listen(name, notified);
    return async () => unlisten();
  }
  if (!emits(client)) return () => Promise.resolve();
  const onNotification = (notification: { readonly channel?: unknown } | undefined): void => {
    if (notification?.channel === channel) notified();
  };
  client.on('notification', onNotification);
  try {
    await client.query(`listen ${name}`);
  } catch (error) {
    client.removeListener('notification', onNotification);
    throw error;
  }
  return async () => {
    client.removeListener('notification', onNotification);
    await client.query(`unlisten ${name}`);
  };
};

/** Clients whose late errors are ignored: one listener each, however often they fail. */
const ignored = new WeakSet<object>();

/**
 * Calls `lost` when the client reports that it has lost its connection. Returns a function that removes the listeners.
 *
 * A client of `pg` may report one loss twice: first the server's message, later the end of the connection. Without a
 * listener the second report would end the process. So after a failure (`hasFailed`) one listener stays on the client.
 */
export const followConnection = (client: SqlClient, lost: (error: unknown) => void): ((hasFailed: boolean) => void) => {
  if (!emits(client)) return () => undefined;
  const onEnd = (): void => lost(new Error('the connection of the outbox has ended'));
  client.on('error', lost);
  client.on('end', onEnd);
  return hasFailed => {
    if (hasFailed && !ignored.has(client)) {
      ignored.add(client);
      client.on('error', () => undefined);
    }
    client.removeListener('error', lost);
    client.removeListener('end', onEnd);
  };
};
