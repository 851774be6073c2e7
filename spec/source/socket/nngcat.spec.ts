// Real peers: nngcat, of Debian's package nng-utils.
import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concat, defer, NEVER, of, Subject } from 'rxjs';
import { socketClient } from '../../../lib/source/socket/socketClient.js';
import { freePort } from '../../../examples/cluster/freePort.js';
import { textOf } from './rawPeer.js';
import { recorder } from './recorder.js';
import { closeAll, serving } from './serving.js';

const isThere = spawnSync('nngcat', ['--version']).error === undefined;
if (!isThere && process.env['CI'] === 'true') throw new Error('nngcat: expected in CI (package nng-utils), not found');
if (!isThere)
  console.warn('SKIPPED: spec/source/socket/nngcat.spec.ts needs nngcat (Debian: apt-get install nng-utils)');

const bytesOf = (text: string) => new TextEncoder().encode(text);

const nngcat = (...args: readonly string[]) => {
  const child = spawn('nngcat', ['--pair0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const out = recorder<string>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.next(text));
  const exited = new Promise<number | null>(resolve => child.once('close', resolve));
  return { child, out, exited, text: () => out.seen.join('') };
};

(isThere ? describe : describe.skip)('nngcat', () => {
  afterEach(closeAll);

  test('N5 dials, sends, and is answered', async () => {
    const replies$ = new Subject<Uint8Array>();
    const { port, messages } = await serving({ replies$ });
    const peer = nngcat('--dial', `tcp://127.0.0.1:${port}`, '--data', 'hello', '--quoted');
    await messages.until(seen => seen.length === 1);
    expect(messages.seen).toEqual(['hello']);
    replies$.next(bytesOf('one'));
    replies$.next(bytesOf(''));
    await peer.out.until(() => peer.text().split('\n').length > 2);
    expect(peer.text()).toBe('"one"\n""\n');
    peer.child.kill();
    await peer.exited;
  });

  test('sends an empty message and a large one', async () => {
    const { port, messages } = await serving();
    const url = `tcp://127.0.0.1:${port}`;
    for (const data of ['', 'x'.repeat(120_000)]) {
      const before = messages.seen.length;
      const peer = nngcat('--dial', url, '--data', data, '--recv-timeout', '1');
      await messages.until(seen => seen.length > before);
      expect(messages.seen.at(-1)).toBe(data);
      peer.child.kill();
      await peer.exited;
    }
  });

  test('N1 the largest message, 64 MiB, both ways; one byte more is rejected', async () => {
    const largest = 64 * 1024 * 1024;
    const folder = mkdtempSync(join(tmpdir(), 'nngcat-'));
    const file = (bytes: number) => {
      const path = join(folder, String(bytes));
      writeFileSync(path, Buffer.alloc(bytes, 'x'));
      return path;
    };
    const { port, messages, rejected, notices } = await serving();
    const url = `tcp://127.0.0.1:${port}`;
    const dialler = nngcat('--dial', url, '--file', file(largest));
    await messages.until(seen => seen.length === 1);
    expect(messages.seen[0]).toHaveLength(largest);
    dialler.child.kill();
    await dialler.exited;
    await notices.until(seen => seen.filter(n => n.type === 'Waiting').length === 2);
    const larger = nngcat('--dial', url, '--file', file(largest + 1));
    await notices.until(() => rejected().length > 0);
    expect(rejected()).toEqual(['FrameSizeError']);
    larger.child.kill();
    await larger.exited;

    const free = await freePort();
    const listener = nngcat('--listen', `tcp://127.0.0.1:${free}`, '--raw', '--recv-maxsz', String(largest));
    let received = 0;
    const whole = new Promise<void>(resolve =>
      listener.child.stdout.on('data', (text: string) => {
        received += text.length;
        if (received === largest) resolve();
      }),
    );
    const client = socketClient({
      host: '127.0.0.1',
      port: free,
      dialRetryInterval: 20,
      messages$: concat(of(readFileSync(file(largest))), NEVER),
    }).subscribe();
    await whole;
    client.unsubscribe();
    listener.child.kill();
    await listener.exited;
    rmSync(folder, { recursive: true });
  });

  test('N2a two clients: the second is rejected before it has sent; after a kill it is accepted', async () => {
    const { port, messages, notices, rejected } = await serving();
    const free = (times: number) =>
      notices.until(seen => seen.filter(n => n.type === 'Waiting' && n.what.endsWith('a peer')).length === times);
    const url = `tcp://127.0.0.1:${port}`;
    const first = nngcat('--dial', url, '--data', 'first');
    await messages.until(seen => seen.includes('first'));
    const second = nngcat('--dial', url, '--data', 'second');
    expect(await second.exited).not.toBe(0); // nngcat dials once
    expect(rejected()).toEqual(['PeerBusyError']);
    first.child.kill('SIGKILL');
    await first.exited;
    await free(2);
    for (const [i, data] of ['second', 'back'].entries()) {
      const peer = nngcat('--dial', url, '--data', data);
      await messages.until(seen => seen.includes(data));
      peer.child.kill('SIGKILL');
      await peer.exited;
      await free(i + 3);
    }
    expect(messages.seen).toEqual(['first', 'second', 'back']);
  });

  test('listens, receives from the client, and answers', async () => {
    const port = await freePort();
    const peer = nngcat('--listen', `tcp://127.0.0.1:${port}`, '--data', 'welcome', '--quoted');
    const answers = recorder<string>();
    const messages$ = new Subject<Uint8Array>();
    const subscription = socketClient({
      host: '127.0.0.1',
      port,
      dialRetryInterval: 20,
      messages$: concat(
        of(bytesOf('one'), bytesOf('')),
        defer(() => messages$),
        NEVER,
      ),
    }).subscribe(message => answers.next(textOf(message)));
    await answers.until(seen => seen.includes('welcome'));
    await peer.out.until(() => peer.text().split('\n').length > 2);
    messages$.next(bytesOf('three'));
    await peer.out.until(() => peer.text().split('\n').length > 3);
    expect(peer.text()).toBe('"one"\n""\n"three"\n');
    subscription.unsubscribe();
    peer.child.kill();
    await peer.exited;
  });
});
