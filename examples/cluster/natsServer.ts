import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { unreachable } from '../terminal/unreachable.js';
import { freePort } from './freePort.js';

/** Reconnects whatever happens to the server, and detects within seconds that it hangs. */
export const connectTo = (servers: string): Promise<NatsConnection> =>
  connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 200, pingInterval: 2000, maxPingOut: 2 }).catch(
    unreachable('NATS', servers),
  );

/** A NATS server with JetStream, and a function that stops it if this program has started it. */
export interface FoundServer {
  readonly url: string;
  readonly stop: () => void;
}

const LOCAL = 'nats://127.0.0.1:4222';

/** The server at `url`; else the local one; else a `nats-server` of this machine, which is started in `directory`. */
export const findServer = async (url: string | undefined, directory: string): Promise<FoundServer> => {
  if (url !== undefined) return { url, stop: () => undefined };
  if (await hasJetStream(LOCAL)) return { url: LOCAL, stop: () => undefined };
  const port = await freePort();
  const binary = process.env['NATS_SERVER'] ?? 'nats-server';
  const server = spawn(binary, ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', directory], { stdio: 'ignore' });
  const failed = once(server, 'error').then(() => {
    throw new Error(
      `found no NATS server: start one at ${LOCAL}, name one with --nats-url, or install the program nats-server`,
    );
  });
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`${binary} did not start at port ${port}: it ended with ${String(code)}`);
  });
  const own = `nats://127.0.0.1:${port}`;
  const isReady = async (): Promise<void> => {
    while (!(await hasJetStream(own))) await new Promise(resolve => setTimeout(resolve, 100));
  };
  await Promise.race([isReady(), failed, ended]);
  return { url: own, stop: () => void server.kill('SIGKILL') };
};

const hasJetStream = async (servers: string): Promise<boolean> => {
  try {
    const connection = await connect({ servers, timeout: 1000, reconnect: false });
    try {
      const { data } = await connection.request('$JS.API.INFO', '', { timeout: 1000 });
      return !new TextDecoder().decode(data).includes('"error"');
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
};
