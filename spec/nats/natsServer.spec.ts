import { describe, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsBinary } from './natsBinary.js';
import { connectTo, startCluster, startServer, until } from './natsServer.js';

const binary = natsBinary('spec/nats');

(binary === undefined ? describe.skip : describe)('what the specs of NATS stand on', () => {
  test('a server keeps what was stored when it is killed and started again', async () => {
    const server = await startServer({ binary: binary! });
    const nc = await connectTo(server.url);
    const manager = await jetstreamManager(nc);
    await manager.streams.add({ name: 'S', subjects: ['s.>'] });
    await jetstream(nc).publish('s.a', 'one');
    await server.kill();
    await server.start();
    await until('the message', async () => (await manager.streams.info('S')).state.messages === 1);
    await nc.close();
    await server.remove();
  });

  test('a cluster of three has streams with three replicas', async () => {
    const servers = await startCluster({ binary: binary! });
    const nc = await connectTo(servers.map(({ url }) => url));
    const manager = await jetstreamManager(nc);
    const { config } = await manager.streams.add({ name: 'S', subjects: ['s.>'], num_replicas: 3 });
    expect(config.num_replicas).toBe(3);
    await jetstream(nc).publish('s.a', 'one');
    await nc.close();
    await Promise.all(servers.map(server => server.remove()));
  });
});

describe('a machine without a server', () => {
  const ask = `const { natsBinary } = await import('./spec/nats/natsBinary.ts'); console.log(natsBinary('the specs'))`;

  test.each([
    ['without Go it says what is skipped', '', 'false', /^undefined$/m, /^SKIPPED: the specs needs a nats-server/m, 0],
    ['without Go it skips under CI, too', '', 'true', /^undefined$/m, /^SKIPPED: the specs needs/m, 0],
    [
      'with Go it is an error under CI',
      'exit $([ $1 = version ]; echo $?)',
      'true',
      /^$/,
      /the specs: expected a nats/,
      1,
    ],
  ])('%s', (_, go, CI, stdout, stderr, status) => {
    const folder = mkdtempSync(join(tmpdir(), 'rx-event-broker-binary-'));
    if (go !== '') {
      writeFileSync(join(folder, 'go'), `#!/bin/sh\n${go}\n`);
      chmodSync(join(folder, 'go'), 0o755);
    }
    const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', ask], {
      env: { PATH: folder, XDG_CACHE_HOME: folder, CI },
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    expect(child.stdout).toMatch(stdout);
    expect(child.stderr).toMatch(stderr);
    expect(child.status).toBe(status);
  });
});
