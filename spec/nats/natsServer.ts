import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { freePort } from '../../examples/cluster/freePort.js';

export interface NatsServer {
  /** `nats://127.0.0.1:PORT` */
  readonly url: string;
  /** `http://127.0.0.1:PORT`, where the server tells of itself. */
  readonly monitor: string;
  /** Ends it at once. Its store stays. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it again on the same ports, with the same store. */
  start(): Promise<void>;
  /** SIGSTOP: its connections stay open, and nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** Ends it, and removes its store. */
  remove(): Promise<void>;
}

export interface NatsServerOptions {
  readonly binary: string;
  /** When what is written is synced. Default: as the server has it, every two minutes. */
  readonly syncInterval?: string | undefined;
  /** Further lines of its configuration. */
  readonly extra?: string | undefined;
}

/** What a client of a spec says, so that it goes on after whatever happens to the server. */
export const PATIENT: ConnectionOptions = {
  maxReconnectAttempts: -1,
  reconnectTimeWait: 100,
  ignoreClusterUpdates: true,
  pingInterval: 1000,
  maxPingOut: 2,
};

export const connectTo = (
  servers: string | readonly string[],
  options: ConnectionOptions = {},
): Promise<NatsConnection> =>
  connect({ servers: typeof servers === 'string' ? servers : [...servers], ...PATIENT, ...options });

/** Asks until the answer is yes. A server tells nobody when it is ready. */
export const until = async (what: string, isSo: () => Promise<boolean>, patience = 20_000): Promise<void> => {
  const end = Date.now() + patience;
  for (;;) {
    if (await isSo().catch(() => false)) return;
    if (Date.now() > end) throw new Error(`expected ${what} within ${patience} ms`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
};

const configure = async (
  { binary, syncInterval, extra = '' }: NatsServerOptions,
  name: string,
  cluster?: { readonly port: number; readonly routes: readonly number[] },
): Promise<NatsServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'nats-'));
  const [port, http] = [await freePort(), await freePort()];
  const config = join(folder, 'server.conf');
  const store = join(folder, 'store');
  mkdirSync(store);
  const routes = cluster?.routes.map(route => `"nats://127.0.0.1:${route}"`).join(', ');
  writeFileSync(
    config,
    `server_name: ${name}
host: 127.0.0.1
port: ${port}
http: "127.0.0.1:${http}"
jetstream { store_dir: ${JSON.stringify(store)}${syncInterval === undefined ? '' : `, sync_interval: ${syncInterval}`} }
${cluster === undefined ? '' : `cluster { name: spec, host: 127.0.0.1, port: ${cluster.port}, routes: [${routes}] }`}
${extra}
`,
  );
  const log = join(folder, 'server.log');
  const monitor = `http://127.0.0.1:${http}`;
  let child: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  // a spec that fails leaves no server behind
  const onExit = (): void => {
    child?.kill('SIGKILL');
  };
  process.once('exit', onExit);

  return {
    url: `nats://127.0.0.1:${port}`,
    monitor,
    kill: (signal = 'SIGKILL') => end(signal),
    async start() {
      const out = openSync(log, 'a');
      child = spawn(binary, ['-c', config], { stdio: ['ignore', out, out] });
      const ended = once(child, 'exit').then(() => {
        throw new Error(`the server has ended: ${readFileSync(log, 'utf8')}`);
      });
      ended.catch(() => undefined);
      const isReady = async (): Promise<boolean> => (await fetch(`${monitor}/healthz?js-enabled-only=true`)).ok;
      await Promise.race([until(`a server at ${port}`, isReady), ended]);
    },
    freeze() {
      child?.kill('SIGSTOP');
    },
    thaw() {
      child?.kill('SIGCONT');
    },
    async remove() {
      process.removeListener('exit', onExit);
      child?.kill('SIGCONT');
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** A server of its own, with JetStream, on free ports of the loopback. */
export const startServer = async (options: NatsServerOptions): Promise<NatsServer> => {
  const server = await configure(options, 'spec');
  await server.start();
  return server;
};

/** A cluster of three, ready for streams with three replicas. */
export const startCluster = async (options: NatsServerOptions): Promise<readonly NatsServer[]> => {
  const ports = [await freePort(), await freePort(), await freePort()];
  const servers = await Promise.all(
    ports.map((port, i) => configure(options, `spec-${i}`, { port, routes: ports.filter(other => other !== port) })),
  );
  await Promise.all(servers.map(server => server.start()));
  const isLed = async (): Promise<boolean> => {
    const answers = await Promise.all(
      servers.map(async ({ monitor }) => {
        const answer = await fetch(`${monitor}/jsz`);
        return (await answer.json()) as {
          readonly meta_cluster?: { readonly leader?: string; readonly cluster_size?: number };
        };
      }),
    );
    return answers.every(({ meta_cluster: meta }) => Boolean(meta?.leader) && meta?.cluster_size === servers.length);
  };
  await until('a leader of the cluster', isLed);
  return servers;
};
