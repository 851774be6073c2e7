import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { unreachable } from '../terminal/unreachable.js';
import { freePort } from './freePort.js';

/** Goes on after whatever happens to the server, and notices within seconds that it hangs. */
export const connectTo = (servers: string): Promise<NatsConnection> =>
  connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 200, pingInterval: 2000, maxPingOut: 2 }).catch(
    unreachable('NATS', servers),
  );

/** A server of NATS with JetStream, and what ends it if this program has started it. */
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
    throw new Error(`expected a NATS server at ${LOCAL}, at --nats-url, or the program nats-server; found none`);
  });
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`expected ${binary} to serve at port ${port}; it ended with ${String(code)}`);
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
