import { describe, expect, test } from '@jest/globals';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BehaviorSubject } from 'rxjs';
import { encodeFrame } from '../../../lib/source/socket/frame.js';
import { socketServer } from '../../../lib/source/socket/socketServer.js';
import { hello, rawPeer } from './rawPeer.js';
import { recorder } from './recorder.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of all buffers that something still refers to. */
const bufferBytes = () => {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
};

describe('memory', () => {
  test('N6b 64 MiB through a slow consumer: memory stays below 16 MiB', async () => {
    const messageBytes = 4096;
    const total = (64 * 2 ** 20) / messageBytes;
    const pause$ = new BehaviorSubject(false);
    const addresses = recorder<{ readonly port: number }>();
    const done = recorder<string>();
    let received = 0;
    let most = 0;
    let began = 0;
    const subscription = socketServer({ port: 0, pause$, listening: addresses }).subscribe(() => {
      received++;
      if (received % 1000 === 0) most = Math.max(most, bufferBytes() - began);
      // each hundredth is slow
      if (received % 100 === 0) {
        pause$.next(true);
        setImmediate(() => pause$.next(false));
      }
      if (received === total) done.next('all');
    });
    await addresses.until(seen => seen.length > 0);
    const peer = rawPeer(addresses.seen[0]!.port, hello);
    await peer.has(8);
    began = bufferBytes();
    const frame = encodeFrame(new Uint8Array(messageBytes));
    let written = 0;
    const write = () => {
      while (written < total) {
        written++;
        if (!peer.socket.write(frame)) return;
      }
    };
    peer.socket.on('drain', write);
    write();
    await done.until(seen => seen.length > 0);
    peer.socket.destroy();
    subscription.unsubscribe();
    expect(received).toBe(total);
    expect(most).toBeLessThan(16 * 2 ** 20); // what was released is counted until it has been swept;
  }, 60_000);
});
